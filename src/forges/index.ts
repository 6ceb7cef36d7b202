import type { Destination, ForgeKind } from "../model/plan.ts";
import type { Secret } from "../model/secret.ts";
import type { Reach } from "../net/exchange.ts";
import type { ListDownloads } from "./download.ts";
import type { Forge } from "./forge.ts";
import { githubDownloads } from "./github/downloads.ts";
import { gitlabDownloads } from "./gitlab/downloads.ts";

/** What a forge is made of. */
export interface ForgeOptions extends Reach {
  readonly destination: Destination;
  /** The plan's name of the project. */
  readonly name: string;
  readonly token: Secret | undefined;
}

/** Every forge that is reached over the network; a directory is the output folder itself. */
export const forges = {
  github: async (options) => (await import("./github/github.ts")).github(options),
  gitlab: async (options) => (await import("./gitlab/gitlab.ts")).gitlab(options),
} satisfies Record<Exclude<ForgeKind, "directory">, (options: ForgeOptions) => Promise<Forge>>;

/** How a consumer gets the files of a published release. */
export const downloads = {
  github: githubDownloads,
  gitlab: gitlabDownloads,
} satisfies Record<Exclude<ForgeKind, "directory">, ListDownloads>;
