import { Problem } from "../../model/problem.ts";
import { type Asset, MOST_RECALLED } from "../forge.ts";
import { Slots } from "../slots.ts";
import type { ReleaseDesk } from "./desk.ts";
import type { RemoteAsset, RemoteRelease } from "./entities.ts";
import { isMissing, isTaken } from "./errors.ts";

const UPLOADS_AT_ONCE = 4;

/** How the files of a release differ from what they should be. */
export interface AssetDifference {
  readonly name: string;
  readonly how: "missing" | "different" | "unexpected";
  readonly remote: RemoteAsset | undefined;
}

/** The files of one release, as they were last seen. */
export class ReleaseAssets {
  readonly #desk: Pick<ReleaseDesk, "repository" | "storage" | "again">;
  readonly #release: RemoteRelease;
  /** Throws when the release is no longer ours to change. */
  readonly #guard: (signal?: AbortSignal) => Promise<void>;
  readonly #slots = new Slots(UPLOADS_AT_ONCE);
  #seen: Map<string, RemoteAsset>;

  constructor(
    desk: Pick<ReleaseDesk, "repository" | "storage" | "again">,
    release: RemoteRelease,
    guard: (signal?: AbortSignal) => Promise<void>,
  ) {
    this.#desk = desk;
    this.#release = release;
    this.#guard = guard;
    this.#seen = byName(release.assets);
  }

  /**
   * Idempotent by name, size and digest; what is there under that name and differs is replaced, unless it is
   * whole and `replace` is false: then it stays.
   */
  async put(asset: Asset, signal?: AbortSignal, replace = true): Promise<void> {
    if (asset.size === 0)
      throw new Problem(
        "github-empty-file",
        `${asset.name} is empty, and GitHub does not accept empty files`,
        {
          hint: `remove ${asset.name}, or give it content`,
        },
      );
    const attempt = (nth: number) => this.#put(asset, { replace, nth, signal });
    await this.#slots.take(() => this.#desk.again(attempt, signal), signal);
  }

  at(name: string): RemoteAsset | undefined {
    return this.#seen.get(name);
  }

  /** The bytes of a file that is there whole, when it is small. */
  async existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const there = this.#seen.get(name);
    if (there?.state !== "uploaded" || there.size > MOST_RECALLED) return undefined;
    return await this.#desk.storage.read(there, signal);
  }

  async look(signal?: AbortSignal): Promise<void> {
    this.#seen = byName(await this.#desk.repository.assets(this.#release.id, signal));
  }

  async remove({ id, name }: RemoteAsset, signal?: AbortSignal): Promise<void> {
    await this.#guard(signal);
    await this.#desk.repository.removeAsset(id, signal);
    this.#seen.delete(name);
  }

  /** What separates the files last seen from `assets`; empty when the sets are equal. */
  async compare(
    assets: readonly Asset[],
    signal?: AbortSignal,
  ): Promise<readonly AssetDifference[]> {
    const wanted = new Set(assets.map(({ name }) => name));
    const unexpected = [...this.#seen.values()].filter(({ name }) => !wanted.has(name));
    const found: AssetDifference[] = unexpected.map((remote) => ({
      name: remote.name,
      how: "unexpected",
      remote,
    }));
    for (const asset of assets) {
      const remote = this.#seen.get(asset.name);
      if (remote === undefined) found.push({ name: asset.name, how: "missing", remote });
      else if (!(await this.#same(remote, asset, signal)))
        found.push({ name: asset.name, how: "different", remote });
    }
    return found;
  }

  /** After an upload without a clear answer the file may be there, be half there, or not be there: look. */
  async #put(
    asset: Asset,
    { replace, nth, signal }: { replace: boolean; nth: number; signal: AbortSignal | undefined },
  ): Promise<void> {
    if (nth > 1) await this.look(signal);
    const there = this.#seen.get(asset.name);
    if (there !== undefined && (await this.#same(there, asset, signal))) return;
    if (there?.state === "uploaded" && !replace) return;
    if (there !== undefined) await this.remove(there, signal);
    const stored = await this.#upload(asset, signal);
    this.#seen.set(asset.name, stored);
    if (await this.#same(stored, asset, signal)) return;
    throw this.#desk.repository.notYet(`stored ${asset.name} differently`, changing(asset));
  }

  /** What was left in doubt passes; so does a release that was just made and is not known everywhere yet. */
  async #upload(asset: Asset, signal: AbortSignal | undefined): Promise<RemoteAsset> {
    const { repository } = this.#desk;
    try {
      return await repository.upload(this.#release, asset, signal);
    } catch (error) {
      if (isMissing(error)) await this.#guard(signal);
      if (!isMissing(error) && !isTaken(error)) throw error;
      throw repository.notYet(`refused ${asset.name}`, error);
    }
  }

  async #same(
    remote: RemoteAsset,
    asset: Asset,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (remote.state !== "uploaded" || remote.size !== asset.size) return false;
    return (await this.#desk.storage.digestOf(remote, signal)) === asset.sha256;
  }
}

function byName(assets: readonly RemoteAsset[]): Map<string, RemoteAsset> {
  return new Map(assets.map((asset) => [asset.name, asset]));
}

function changing({ name }: Asset): Problem {
  return new Problem(
    "github-upload",
    `what GitHub holds as ${name} is not the file that was uploaded`,
    {
      hint: "another run may be releasing the same tag: let one run finish, and add a `concurrency` group to the workflow",
    },
  );
}
