import { Problem } from "../../model/problem.ts";
import type { Asset } from "../forge.ts";
import { MOST_RECALLED } from "../read-back.ts";
import type { PackageFile } from "./entities.ts";
import type { Packages } from "./packages.ts";
import type { Patience } from "./patience.ts";
import { addressedVersion, isVersionOf } from "./version.ts";

/**
 * The package files of one release. A file lies in the tag's own package version or, when that place is taken
 * by other bytes, in a version that names its content, so that nothing that may be linked ever changes.
 */
export class Shelf {
  readonly #packages: Packages;
  readonly #patience: Patience;
  readonly #version: string;
  /** Lists on their way, by version: whoever only looks shares them. */
  readonly #lists = new Map<string, Promise<readonly PackageFile[]>>();

  constructor(packages: Packages, patience: Patience, version: string) {
    this.#packages = packages;
    this.#patience = patience;
    this.#version = version;
  }

  /** Uploads the asset unless it is there; its URL. Throws a `Problem` when other bytes are in the way. */
  async store(asset: Asset, signal?: AbortSignal): Promise<string> {
    for (const version of this.#versionsFor(asset)) {
      const stored = await this.#patience.wait(
        `uploading ${asset.name}`,
        () => this.#fill(version, asset, signal),
        signal,
      );
      if (stored) return this.#packages.url(version, asset.name);
    }
    throw new Problem("gitlab-package", `${asset.name} is stored with other bytes than were sent`, {
      hint: `delete the package version ${addressedVersion(this.#version, asset.sha256)} and run the job again`,
    });
  }

  /** Where the asset is, byte for byte; undefined when it is not. Uploads nothing. */
  async find(asset: Asset, signal?: AbortSignal): Promise<string | undefined> {
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
  async recall(
    name: string,
    link: string | undefined,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const linked = link !== undefined && this.owns(link, name);
    const version = linked ? (link.split("/").at(-2) ?? "") : this.#version;
    const copies = (await this.#packages.files(version, signal)).filter(
      ({ file_name }) => file_name === name,
    );
    const [copy] = copies;
    if (copy === undefined || copies.length > 1 || copy.size > MOST_RECALLED) return undefined;
    return await this.#packages.read(version, name, signal);
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
    const before = await this.#copies(version, asset, signal);
    if (before.length > 0) return await this.#all(version, before, asset, signal);
    if ((await this.#packages.upload(version, asset, signal)) === "taken") return false;
    // Another run may have been here between the look and the upload.
    const after = await this.#copies(version, asset, signal);
    if (await this.#all(version, after, asset, signal)) {
      await this.#removeCopies(version, after, signal);
      return true;
    }
    await this.#withdraw(version, after, asset, signal);
    return false;
  }

  async #copies(
    version: string,
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<readonly PackageFile[]> {
    return named(asset, await this.#packages.files(version, signal));
  }

  #list(version: string, signal?: AbortSignal): Promise<readonly PackageFile[]> {
    const list =
      this.#lists.get(version) ??
      this.#packages.files(version, signal).finally(() => this.#lists.delete(version));
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
    asset: Asset,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const copy of copies) {
      if (await this.#packages.holds(version, copy, asset, signal)) {
        await this.#packages.remove(version, copy, signal);
      }
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

const named = ({ name }: Asset, files: readonly PackageFile[]): readonly PackageFile[] =>
  files.filter(({ file_name }) => file_name === name);
