import { Problem } from "../../model/problem.ts";
import { type Asset, MOST_RECALLED } from "../forge.ts";
import { Slots } from "../slots.ts";
import type { Api } from "./api.ts";
import type { PackageFile } from "./entities.ts";
import type { Packages } from "./packages.ts";
import { addressedVersion, isVersionOf } from "./version.ts";

/**
 * The package files of one release. A file lies in the tag's own package version or, when that place is taken
 * by other bytes, in a version that names its content, so that nothing that may be linked ever changes.
 */
export class PackageStore {
  readonly #packages: Packages;
  readonly #api: Api;
  readonly #version: string;
  /** Lists by version, each read once until it is forgotten: a release may have hundreds of files. */
  readonly #lists = new Map<string, Promise<readonly PackageFile[]>>();
  /** Ids of the files that this run stored. */
  readonly #own = new Set<number>();

  constructor(packages: Packages, api: Api, version: string) {
    this.#packages = packages;
    this.#api = api;
    this.#version = version;
  }

  /** Uploads the asset unless it is there; its URL. Throws a `Problem` when other bytes are in the way. */
  async store(asset: Asset, signal?: AbortSignal): Promise<string> {
    for (const version of this.#versionsFor(asset)) {
      const stored = await this.#api.again(() => this.#fill(version, asset, signal), signal);
      if (stored) return this.#packages.url(version, asset.name);
    }
    throw new Problem(
      "gitlab-package",
      `${asset.name} was stored with different bytes than were sent`,
      {
        hint: `delete the package version ${addressedVersion(this.#version, asset.sha256)} and run the job again`,
      },
    );
  }

  /** Where each asset is by now, byte for byte; undefined where it is not. Uploads nothing. */
  async find(
    assets: readonly Asset[],
    signal?: AbortSignal,
  ): Promise<readonly (string | undefined)[]> {
    this.#lists.clear();
    const slots = new Slots(READS_AT_ONCE);
    return await Promise.all(
      assets.map((asset) => slots.take(() => this.#place(asset, signal), signal)),
    );
  }

  async #place(asset: Asset, signal?: AbortSignal): Promise<string | undefined> {
    for (const version of this.#versionsFor(asset)) {
      const copies = named(asset, await this.#list(version, signal));
      if (copies.length > 0 && (await this.#all(version, copies, asset, signal))) {
        await this.#removeCopies(version, copies, signal);
        return this.#packages.url(version, asset.name);
      }
    }
    return undefined;
  }

  /** The bytes of a small file: the released one's when there is a link, else what an earlier run stored. */
  async existing(
    name: string,
    link: string | undefined,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const linked = link !== undefined && this.owns(link, name);
    const version = linked ? (link.split("/").at(-2) ?? "") : this.#version;
    return await this.#packages.read(version, name, MOST_RECALLED, signal);
  }

  /** Whether the URL is one that this shelf gives to files of that name. */
  owns(url: string, name: string): boolean {
    const version = url.split("/").at(-2) ?? "";
    return url === this.#packages.url(version, name) && isVersionOf(version, this.#version);
  }

  #versionsFor({ sha256 }: Asset): readonly string[] {
    return [this.#version, addressedVersion(this.#version, sha256)];
  }

  /** One try. False when the place is taken by other bytes. */
  async #fill(version: string, asset: Asset, signal?: AbortSignal): Promise<boolean> {
    const before = named(asset, await this.#list(version, signal));
    if (before.length > 0) return await this.#judge(version, before, asset, signal);
    // Stored since then: by this run, whose answer got lost, or by another one.
    if (await this.#packages.has(version, asset.name, signal))
      return await this.#settle(version, asset, signal);
    const uploaded = await this.#packages.upload(version, asset, signal);
    if (uploaded === "taken" || uploaded.stored === undefined)
      return await this.#settle(version, asset, signal);
    this.#own.add(uploaded.stored.id);
    return await this.#packages.holds(version, uploaded.stored, asset, signal);
  }

  /** Compares what is listed by now under the name of a file that is known to be there. */
  async #settle(version: string, asset: Asset, signal?: AbortSignal): Promise<boolean> {
    const copies = named(asset, await this.#packages.files(version, signal));
    if (copies.length === 0)
      throw this.#api.notYet(
        { doing: `uploading ${asset.name}` },
        "did not list what it has stored",
        "its package may be hidden, or the instance's lists may be far behind",
      );
    return await this.#judge(version, copies, asset, signal);
  }

  /** Whether a place holds the asset and nothing else; brings it nearer to holding one file. */
  async #judge(
    version: string,
    copies: readonly PackageFile[],
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const equal = await this.#all(version, copies, asset, signal);
    if (equal) await this.#removeCopies(version, copies, signal);
    else await this.#withdraw(version, copies, signal);
    return equal;
  }

  #list(version: string, signal?: AbortSignal): Promise<readonly PackageFile[]> {
    const list =
      this.#lists.get(version) ??
      this.#packages.files(version, signal).catch((error: unknown) => {
        this.#lists.delete(version);
        throw error;
      });
    this.#lists.set(version, list);
    return list;
  }

  async #all(
    version: string,
    copies: readonly PackageFile[],
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const equal = await Promise.all(
      copies.map((copy) => this.#packages.holds(version, copy, asset, signal)),
    );
    return equal.every(Boolean);
  }

  /** Two runs met in one place with other bytes each: ours goes, as far as the token may, and finds another place. */
  async #withdraw(
    version: string,
    copies: readonly PackageFile[],
    signal?: AbortSignal,
  ): Promise<void> {
    for (const copy of copies) {
      if (this.#own.has(copy.id)) await this.#packages.remove(version, copy, signal);
    }
  }

  /** Equal copies come from answers that got lost or runs side by side; all of them keep the first one. */
  async #removeCopies(
    version: string,
    [, ...others]: readonly PackageFile[],
    signal?: AbortSignal,
  ): Promise<void> {
    for (const copy of others) await this.#packages.remove(version, copy, signal);
  }
}

const READS_AT_ONCE = 8;

function named({ name }: Asset, files: readonly PackageFile[]): readonly PackageFile[] {
  return files.filter(({ file_name }) => file_name === name);
}
