import type { Readable } from "node:stream";
import type { ArtifactKind } from "../model/artifact.ts";
import type { Check } from "../model/check.ts";
import type { ReleaseSpec } from "../model/plan.ts";

/** One file on its way to a forge; identity is name, size and digest. */
export interface Asset {
  readonly name: string;
  readonly kind: ArtifactKind;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** e.g. `application/gzip`. */
  readonly contentType: string;
  /** A fresh stream over its bytes, one for each try. */
  readonly open: () => Readable;
}

/** Bytes; far more than any signature has, for nothing else is asked for again. */
export const MOST_RECALLED = 4 * 2 ** 20;

export interface Published {
  /** Where people see the release. */
  readonly url: string;
  /** False when an identical release was there already and nothing was done. */
  readonly changed: boolean;
  /** What the reader should know, e.g. that the repository keeps no attestations. */
  readonly notices: readonly string[];
  /** Whether the forge says that nothing of it can be changed any more. */
  readonly immutable: boolean;
}

/** A release in the making: invisible to users until `publish`. */
export interface Staged {
  /**
   * The bytes of a small file that an earlier run put there, so that a signature that still holds is not made
   * a second time; undefined when there is none. After `publish` it is what is released. Whoever asks verifies
   * what comes.
   */
  existing(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** Idempotent by name, size and digest; safe to call for several assets at once. */
  put(asset: Asset, signal?: AbortSignal): Promise<void>;
  /** Whether what is published here is immutable; false also where the forge does not tell. */
  becomesImmutable(signal?: AbortSignal): Promise<boolean>;
  /**
   * Compares the remote set with `assets` by name, size and digest, then makes the release visible in one
   * call and reads it back. Throws a `Problem` and leaves it invisible when anything differs. `postscript` is
   * Markdown that follows the notes: what is known only now, as how to verify what was signed.
   */
  publish(assets: readonly Asset[], signal?: AbortSignal, postscript?: string): Promise<Published>;
}

/** What a forge knows of the message of a tag. */
export type TagMessage =
  | { readonly kind: "annotated"; readonly message: string }
  | { readonly kind: "lightweight" }
  /** The tag is not there, or the token may not read it. */
  | { readonly kind: "unknown" };

/** Commits that a release adds. */
export interface CommitRange {
  /** The tag of the release before; undefined for the first. */
  readonly base: string | undefined;
  readonly head: string;
  /** Hashes of those that are asked for. */
  readonly wanted: readonly string[];
}

/** What became of a milestone; `there`: it was closed already. */
export type ClosedMilestone = "closed" | "there" | "missing";

/** Where a release goes. Any run may be killed at any moment and run again: it converges to one release. */
export interface Forge {
  /**
   * Names as the forge will keep them: throws a `Problem` naming every name it would rewrite or refuse.
   * Pure; called while planning.
   */
  checkNames(names: readonly string[], release: ReleaseSpec): void;
  /**
   * Everything that can be known before building: token, permissions, the tag, a release that is already
   * there and cannot be changed. Changes nothing; throws a `Problem` with the cure.
   */
  check(release: ReleaseSpec, signal?: AbortSignal): Promise<void>;
  /**
   * The same line by line, for whoever wants to know all of it, also of what has no tag yet. The first is what all
   * others need.
   */
  checks(release: ReleaseSpec): readonly Check[];
  /** The message of a tag, which a clone may lack. */
  tagMessage(tag: string, signal?: AbortSignal): Promise<TagMessage>;
  /**
   * By which names the forge knows the authors of commits, by the commits' hashes; of those that it knows nothing of
   * there is none.
   */
  handles(range: CommitRange, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /**
   * The notes as the release would carry them: made by the forge where that was asked for, and cut where they are
   * longer than it takes. Without the postscript, which is known only when it is published.
   */
  notes(release: ReleaseSpec, signal?: AbortSignal): Promise<string>;
  /**
   * Whether people shall find the release as the newest one: by SemVer among those that are published, as `latest`
   * is decided.
   */
  isNewest(release: ReleaseSpec, signal?: AbortSignal): Promise<boolean>;
  /** Closes a milestone of that name. Idempotent; throws a `Problem` where the token may not. */
  closeMilestone(title: string, signal?: AbortSignal): Promise<ClosedMilestone>;
  /** Finds the unfinished release of this tag and resumes it, or begins one. */
  stage(release: ReleaseSpec, signal?: AbortSignal): Promise<Staged>;
}
