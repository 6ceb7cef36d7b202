import { Problem } from "../../model/problem.ts";
import type { Clock } from "../../world/world.ts";
import type { Asset } from "../forge.ts";
import { MOST_RECALLED } from "../read-back.ts";
import { Slots } from "../slots.ts";
import type { AssetDownloads } from "./asset-downloads.ts";
import { isDoubtful, isMissing, isTaken } from "./errors.ts";
import { backoff } from "./patience.ts";
import type { GitHubRepository, RemoteAsset, RemoteRelease } from "./repository.ts";

const TRIES = 7;
const UPLOADS_AT_ONCE = 4;

/** How the files of a release differ from what they should be. */
export interface AssetDifference {
  readonly name: string;
  readonly how: "missing" | "different" | "unexpected";
  readonly remote: RemoteAsset | undefined;
}

/** The files of one release, as they were last seen. */
export class ReleaseAssets {
  readonly #repository: GitHubRepository;
  readonly #clock: Clock;
  readonly #storage: AssetDownloads;
  readonly #release: RemoteRelease;
  /** Throws when the release is no longer ours to change. */
  readonly #guard: (signal?: AbortSignal) => Promise<void>;
  readonly #slots = new Slots(UPLOADS_AT_ONCE);
  #seen: Map<string, RemoteAsset>;

  constructor(
    {
      repository,
      clock,
      storage,
    }: { repository: GitHubRepository; clock: Clock; storage: AssetDownloads },
    release: RemoteRelease,
    guard: (signal?: AbortSignal) => Promise<void>,
  ) {
    this.#repository = repository;
    this.#clock = clock;
    this.#storage = storage;
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
        `${asset.name} is empty, and GitHub keeps no empty files`,
        {
          hint: `leave ${asset.name} out, or give it content`,
        },
      );
    await this.#slots.take(() => this.#put(asset, replace, signal), signal);
  }

  at(name: string): RemoteAsset | undefined {
    return this.#seen.get(name);
  }

  /** The bytes of a file that is there whole, when it is small. */
  async existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const there = this.#seen.get(name);
    if (there?.state !== "uploaded" || there.size > MOST_RECALLED) return undefined;
    return await this.#storage.read(there, signal);
  }

  async look(signal?: AbortSignal): Promise<void> {
    this.#seen = byName(await this.#repository.assets(this.#release.id, signal));
  }

  async remove({ id, name }: RemoteAsset, signal?: AbortSignal): Promise<void> {
    await this.#guard(signal);
    await this.#repository.removeAsset(id, signal);
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
  async #put(asset: Asset, replace: boolean, signal: AbortSignal | undefined): Promise<void> {
    let doubt: Error | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const there = this.#seen.get(asset.name);
      if (there !== undefined && (await this.#same(there, asset, signal))) return;
      if (attempt > TRIES) throw doubt ?? changing(asset);
      if (there?.state === "uploaded" && !replace) return;
      if (there !== undefined) await this.remove(there, signal);
      doubt = await this.#upload(asset, signal);
      if (doubt === undefined) continue;
      await this.#clock.sleep(backoff(this.#clock, attempt), signal);
      await this.look(signal);
    }
  }

  /**
   * The error that leaves doubt, if any; what GitHub says it stored is seen from then on. A release that was
   * just made may not be known everywhere yet.
   */
  async #upload(asset: Asset, signal: AbortSignal | undefined): Promise<Error | undefined> {
    try {
      this.#seen.set(asset.name, await this.#repository.upload(this.#release, asset, signal));
      return undefined;
    } catch (error) {
      if (isDoubtful(error) || isTaken(error)) return error;
      if (!isMissing(error)) throw error;
      await this.#guard(signal);
      return error;
    }
  }

  async #same(
    remote: RemoteAsset,
    asset: Asset,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (remote.state !== "uploaded" || remote.size !== asset.size) return false;
    return (await this.#storage.digestOf(remote, signal)) === asset.sha256;
  }
}

function byName(assets: readonly RemoteAsset[]): Map<string, RemoteAsset> {
  return new Map(assets.map((asset) => [asset.name, asset]));
}

function changing({ name }: Asset): Problem {
  return new Problem("github-upload", `${name} changes while it is uploaded`, {
    hint: "another run may be releasing the same tag: let one finish, and add a `concurrency` group to the workflow",
  });
}
