import type { Clock } from "../../world/world.ts";
import type { AssetDownloads } from "./asset-downloads.ts";
import type { GitHubRepository } from "./repository.ts";

/** What every part of a release's story works with. */
export interface ReleaseDesk {
  readonly repository: GitHubRepository;
  readonly clock: Clock;
  readonly storage: AssetDownloads;
  /** Names this run in the claim on its draft; never the same twice. */
  readonly run: string;
  /** e.g. `https://github.com/owner/name`. */
  readonly url: string;
  /** Set when a draft may have been made without an answer: it is looked for harder at the end. */
  readonly doubt: { draft: boolean };
  /** Allow a published, mutable release to be changed. */
  readonly replace: boolean;
}
