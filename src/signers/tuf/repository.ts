import { Readable } from "node:stream";
import type { TargetFile } from "@tufjs/models";
import { EqualVersionError } from "tuf-js/dist/error.js";
import { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { Problem } from "../../model/problem.ts";
import type { Reach } from "../../net/exchange.ts";
import type { TufCache } from "./cache.ts";
import { type Mirror, mirrorAt } from "./mirror.ts";
import { endless, noTarget, type RefusedFile, refusal } from "./refusal.ts";

/** A repository of The Update Framework, and the root that everything in it is verified from. */
export interface TufRepository {
  readonly url: string;
  /** A root.json that is trusted, whatever its age. */
  readonly root: Buffer;
}

/** What a repository holds today, every byte of it verified. */
export interface TufTargets {
  readonly files: ReadonlyMap<string, Buffer>;
  /** The root.json that they were verified by in the end. */
  readonly root: Buffer;
  /** Of the snapshot: it grows with each change. */
  readonly snapshotVersion: number;
}

/** Which files are wanted; those that are not `needed` may be missing. */
export type Wanted = readonly { readonly name: string; readonly needed: boolean }[];

/** Bytes, as the reference implementations bound them. */
const LARGEST = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
/** A file that is named there may be as large as this. */
const LARGEST_TARGET = 10_000_000;
const MOST_ROOTS = 256;

/**
 * Fetches what is new in a repository and verifies it (TUF specification 1.0.34 §5): rolled back, frozen, mixed,
 * forged and endless metadata are refused. Throws a `Problem`.
 */
export async function refreshed(
  repository: TufRepository,
  wanted: Wanted,
  cache: TufCache,
  reach: Reach,
  signal: AbortSignal,
): Promise<TufTargets> {
  const walk = new Walk(repository, cache, reach, mirrorAt(repository.url, reach, signal));
  return await walk.targets(wanted);
}

/** What an earlier run kept, verified again; undefined when it does not hold today. */
export async function kept(
  repository: TufRepository,
  wanted: Wanted,
  cache: TufCache,
  reach: Pick<Reach, "clock">,
): Promise<TufTargets | undefined> {
  try {
    return await new Walk(repository, cache, reach).targets(wanted);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

class Walk {
  readonly #url: string;
  readonly #cache: TufCache;
  /** Absent where nobody is asked. */
  readonly #mirror: Mirror | undefined;
  readonly #trusted: TrustedMetadataStore;
  #root: Buffer;

  constructor(
    { url, root }: TufRepository,
    cache: TufCache,
    { clock }: Pick<Reach, "clock">,
    mirror?: Mirror,
  ) {
    this.#url = url;
    this.#cache = cache;
    this.#mirror = mirror;
    this.#root = root;
    this.#trusted = this.#checked({ name: "root.json", own: true }, () => {
      const trusted = new TrustedMetadataStore(root);
      // The library asks the system's clock.
      return Object.assign(trusted, { referenceTime: new Date(clock.now()) });
    });
  }

  async targets(wanted: Wanted): Promise<TufTargets> {
    await this.#roots();
    await this.#timestamp();
    await this.#snapshot();
    await this.#targets();
    const files = new Map<string, Buffer>();
    for (const { name, needed } of wanted) {
      const bytes = await this.#target(name);
      if (bytes === undefined && needed) throw noTarget(this.#url, name);
      if (bytes !== undefined) files.set(name, bytes);
    }
    const snapshotVersion = this.#trusted.snapshot?.signed.version ?? 0;
    return { files, root: this.#root, snapshotVersion };
  }

  /** Every root in turn is signed by the one before it. */
  async #roots(): Promise<void> {
    for (let count = 0; count < MOST_ROOTS; count += 1) {
      const name = `${this.#trusted.root.signed.version + 1}.root.json`;
      const update = (bytes: Buffer) => {
        this.#trusted.updateRoot(bytes);
        this.#root = bytes;
      };
      if (await this.#fromCache(name, update)) continue;
      const bytes = await this.#mirror?.fileIfThere(name, LARGEST.root);
      if (bytes === undefined) return;
      this.#checked({ name }, () => update(bytes));
      await this.#cache.keep(name, bytes);
    }
    throw endless(this.#url, MOST_ROOTS);
  }

  async #timestamp(): Promise<void> {
    const name = "timestamp.json";
    const update = (bytes: Buffer) => this.#trusted.updateTimestamp(bytes);
    const isKept = await this.#fromCache(name, update);
    if (this.#mirror === undefined && isKept) return;
    const bytes = await this.#fetched(name, LARGEST.timestamp);
    this.#checked({ name }, () => orEqual(() => update(bytes)));
    await this.#cache.keep(name, bytes);
  }

  async #snapshot(): Promise<void> {
    const name = "snapshot.json";
    const meta = this.#trusted.timestamp?.signed.snapshotMeta;
    if (await this.#fromCache(name, (bytes) => this.#trusted.updateSnapshot(bytes, true))) return;
    const largest = meta?.length ?? LARGEST.snapshot;
    const bytes = await this.#fetched(this.#versioned(name, meta?.version), largest);
    this.#checked({ name, by: "timestamp.json" }, () => this.#trusted.updateSnapshot(bytes));
    await this.#cache.keep(name, bytes);
  }

  async #targets(): Promise<void> {
    const name = "targets.json";
    const meta = this.#trusted.snapshot?.signed.meta[name];
    const update = (bytes: Buffer) =>
      this.#trusted.updateDelegatedTargets(bytes, "targets", "root");
    if (await this.#fromCache(name, update)) return;
    const largest = meta?.length ?? LARGEST.targets;
    const bytes = await this.#fetched(this.#versioned(name, meta?.version), largest);
    this.#checked({ name, by: "snapshot.json" }, () => update(bytes));
    await this.#cache.keep(name, bytes);
  }

  /** Undefined where the repository has no such file. */
  async #target(name: string): Promise<Buffer | undefined> {
    const file = this.#trusted.targets?.signed.targets[name];
    if (file === undefined) return undefined;
    const found = await this.#cache.read(`targets/${name}`);
    if (found !== undefined && (await holds(file, found))) return found;
    const [hash = ""] = Object.values(file.hashes);
    const path = this.#trusted.root.signed.consistentSnapshot ? `${hash}.${name}` : name;
    const largest = Math.min(file.length, LARGEST_TARGET);
    const bytes = await this.#fetched(`targets/${path}`, largest);
    if (!(await holds(file, bytes)))
      throw refusal(this.#url, { name, by: "targets.json" }, undefined);
    await this.#cache.keep(`targets/${name}`, bytes);
    return bytes;
  }

  /** Where snapshots are consistent, a file's name begins with its version. */
  #versioned(name: string, version: number | undefined): string {
    return this.#trusted.root.signed.consistentSnapshot ? `${version}.${name}` : name;
  }

  async #fetched(name: string, largest: number): Promise<Buffer> {
    if (this.#mirror !== undefined) return await this.#mirror.file(name, largest);
    throw noTarget(this.#url, name);
  }

  /** Whether what was kept of a file holds; what does not is fetched again. */
  async #fromCache(name: string, update: (bytes: Buffer) => unknown): Promise<boolean> {
    const bytes = await this.#cache.read(name);
    if (bytes === undefined) return false;
    try {
      update(bytes);
      return true;
    } catch {
      return false;
    }
  }

  #checked<T>(file: RefusedFile, update: () => T): T {
    try {
      return update();
    } catch (error) {
      throw refusal(this.#url, file, error);
    }
  }
}

async function holds(file: TargetFile, bytes: Buffer): Promise<boolean> {
  return await file.verify(Readable.from([bytes])).then(
    () => true,
    () => false,
  );
}

/** What is no newer than what is known is no fault. */
function orEqual(update: () => unknown): void {
  try {
    update();
  } catch (error) {
    if (!(error instanceof EqualVersionError)) throw error;
  }
}
