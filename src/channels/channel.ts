import type { PlannedChannel } from "../model/channel.ts";
import type { Secret } from "../model/secret.ts";
import type { Reach } from "../net/exchange.ts";

/** What a channel is made of. */
export interface ChannelOptions {
  readonly planned: PlannedChannel;
  readonly token: Secret;
  readonly reach: Reach;
}

/** One file that a channel consists of. */
export interface ChannelFile {
  /** Its name in the folder that the channel keeps its files in. */
  readonly name: string;
  readonly text: string;
  /** Whether it is of one line of versions alone, whatever the newest release is. */
  readonly pinned: boolean;
}

/** Lower-case hex sha256 of the released files, by name. */
export type ReleasedDigests = ReadonlyMap<string, string>;

/** How far a channel may be moved. */
export type ChannelMove =
  /** Unless it points at something newer. */
  | { readonly kind: "newest" }
  /** Whatever it points at. */
  | { readonly kind: "asked" }
  /** Only files that are of one line of versions. */
  | { readonly kind: "pinned"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

/** What came of it; a failure is thrown. */
export interface ChannelState {
  readonly result: "moved" | "there" | "proposed" | "kept";
  /** In words. */
  readonly detail: string;
  /** Of the commit, or of the pull or merge request. */
  readonly url?: string;
}

/**
 * What points at a release for people who install it by name. It is written once the release is visible; a run may
 * be killed at any moment and made again: it ends in the same files.
 */
export interface Channel {
  /**
   * Everything that can be known before building: the repository, the token and what it may do. Changes nothing;
   * gives what the reader should know and throws a `Problem` with the cure.
   */
  check(signal?: AbortSignal): Promise<readonly string[]>;
  /** Points it at the release, or leaves it where it is. Throws a `Problem` with the cure. */
  point(
    files: readonly ChannelFile[],
    move: ChannelMove,
    signal?: AbortSignal,
  ): Promise<ChannelState>;
}

/** How the files of one kind of channel look, wherever their repository is. */
export interface ChannelFormat {
  /** The folders that its files are looked for in, the best first; else they lie at the top. */
  readonly folders: readonly string[];
  readonly extension: string;
  files(planned: PlannedChannel, digests: ReleasedDigests): readonly ChannelFile[];
  /** The version that a file of it points at; undefined where it says none. */
  versionIn(text: string): string | undefined;
  /** The sentence of a commit. */
  message(planned: PlannedChannel): string;
}
