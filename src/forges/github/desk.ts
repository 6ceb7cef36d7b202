import type { Pace, Retry } from "../../net/retry.ts";
import type { AssetDownloads } from "./asset-downloads.ts";
import type { GitHubRepository } from "./repository.ts";

/** What every part of a release's story works with. */
export interface ReleaseDesk {
  readonly repository: GitHubRepository;
  readonly storage: AssetDownloads;
  readonly pace: Pace;
  /** Repeats what was left in doubt: whoever repeats a change looks first. */
  readonly again: Retry;
  /** Names this run in the claim on its draft; never the same twice. */
  readonly run: string;
  /** e.g. `https://github.com/owner/name`. */
  readonly url: string;
  /** Set when a draft may have been made without an answer: it is looked for harder at the end. */
  readonly doubt: { draft: boolean };
  /** Allow a published, mutable release to be changed. */
  readonly replace: boolean;
}
