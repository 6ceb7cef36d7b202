import * as z from "zod/mini";

/** What points at a release for people who install it by name. */
export const ChannelKind = z.enum(["homebrew", "homebrew-cask", "scoop"]);
export type ChannelKind = z.infer<typeof ChannelKind>;

/** One released file that a channel installs from. */
export const ChannelDownload = z.object({
  /** As Go calls them. */
  os: z.string(),
  arch: z.string(),
  /** Its name in the release. */
  file: z.string(),
  url: z.string(),
  /** The folder that everything lies in; empty where there is none. */
  folder: z.string(),
  /** Whether it has to be unpacked. */
  packed: z.boolean(),
  /** Paths below `folder`, and the names by which people call them. */
  programs: z.array(z.object({ path: z.string(), name: z.string() })),
  /** Paths of the other files below `folder`. */
  files: z.array(z.string()),
});
export type ChannelDownload = z.infer<typeof ChannelDownload>;

/** What is written into the repository of a channel; the digests are known when everything is built. */
export const PlannedChannel = z.object({
  kind: ChannelKind,
  forge: z.enum(["github", "gitlab"]),
  /** `owner/name`, or the project's path on GitLab. */
  repository: z.string(),
  apiUrl: z.string(),
  serverUrl: z.string(),
  /** Whether a person merges the change. */
  pullRequest: z.boolean(),
  /** What people install. */
  name: z.string(),
  version: z.string(),
  /** The tag with `{version}` where the version stands in it. */
  tagTemplate: z.string(),
  /** Also written as `name@1.2`. */
  versioned: z.boolean(),
  description: z.optional(z.string()),
  homepage: z.string(),
  license: z.optional(z.string()),
  /** Where the project itself is, and on which forge. */
  project: z.object({ url: z.string(), forge: z.enum(["github", "gitlab"]) }),
  /** Name of the release's list of checksums. */
  checksums: z.string(),
  downloads: z.array(ChannelDownload),
  dependencies: z.array(z.string()),
  /** Casks that cannot be installed beside it. */
  conflicts: z.optional(z.array(z.string())),
  /** Whether macOS is told after the installation that it need not ask about the programs. */
  unquarantine: z.optional(z.boolean()),
  caveats: z.optional(z.string()),
  /** Arguments with which the program tells its version; absent where it is only looked for. */
  test: z.optional(z.string()),
});
export type PlannedChannel = z.infer<typeof PlannedChannel>;

/** What became of a channel. */
export const ChannelOutcome = z.object({
  kind: ChannelKind,
  repository: z.string(),
  /**
   * `moved`: it points at this release now; `there`: it did already; `proposed`: a pull or merge request is open;
   * `kept`: it stays where it is, for `detail`; `failed`: for `detail`.
   */
  result: z.enum(["moved", "there", "proposed", "kept", "failed"]),
  /** In words. */
  detail: z.string(),
  /** What helps against a failure. */
  cure: z.optional(z.string()),
  /** Of the commit, or of the pull or merge request. */
  url: z.optional(z.string()),
});
export type ChannelOutcome = z.infer<typeof ChannelOutcome>;

/** A channel as people know it, e.g. `homebrew acme/homebrew-tap`. */
export function channelName({
  kind,
  repository,
}: Pick<PlannedChannel, "kind" | "repository">): string {
  return `${kind} ${repository}`;
}
