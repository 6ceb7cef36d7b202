import type { Config } from "../config/config.ts";
import { type ChannelKind, channelName, type PlannedChannel } from "../model/channel.ts";
import { checksumLists } from "../model/checksum-files.ts";
import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { type ProjectAddress, readRemote } from "./addresses/remotes.ts";
import { apiOf, type ServedForge } from "./addresses/servers.ts";
import { channelDownloads } from "./channel-downloads.ts";

/** What of a plan channels are made of. */
export type ReleasedPlan = Pick<
  Plan,
  "name" | "release" | "archives" | "checksum" | "metadata" | "destination"
>;

/** The channels that were asked for. Throws a `Problem` for what one of them cannot say or install. */
export function plannedChannels({ settings }: Config, plan: ReleasedPlan): PlannedChannel[] {
  const asked = [
    ["homebrew", settings.homebrew, settings.homebrewPullRequest],
    ["homebrew-cask", settings.homebrewCask, settings.homebrewPullRequest],
    ["scoop", settings.scoop, settings.scoopPullRequest],
  ] as const;
  const channels = asked.flatMap(([kind, repositories, pullRequest]) =>
    repositories.map((repository) => channelOf(kind, { repository, pullRequest, settings, plan })),
  );
  assertOneServer(channels, settings.tapToken !== undefined);
  return channels;
}

interface ChannelInputs {
  readonly repository: string;
  readonly pullRequest: boolean;
  readonly settings: Config["settings"];
  readonly plan: ReleasedPlan;
}

function channelOf(kind: ChannelKind, inputs: ChannelInputs): PlannedChannel {
  const { pullRequest, settings, plan } = inputs;
  const { release, metadata, checksum, destination } = plan;
  const { forge } = destination;
  if (forge === "directory")
    throw new Problem("channel-nowhere", `${kind}: this release goes to no forge`, {
      hint: "people install from where a release can be downloaded: give `forge` and `repository`, or leave the channel out",
    });
  if (forge === "gitlab" && /^\d+$/u.test(destination.repository))
    throw new Problem("channel-number", `${kind}: project ${destination.repository} is a number`, {
      hint: "set `repository` to the project's path, which its download addresses begin with",
    });
  const projectUrl = `${destination.serverUrl}/${destination.repository}`;
  const tag = release.tag ?? `v${release.version}`;
  const { description, license, homepage = projectUrl } = metadata;
  assertTold(kind, metadata);
  return defined({
    kind,
    ...addressOf(kind, inputs),
    pullRequest,
    name: nameOf(settings.channelName ?? plan.name.toLowerCase(), kind),
    version: release.version,
    tagTemplate: tag.replace(release.version, "{version}"),
    versioned: kind === "homebrew" && settings.homebrewVersioned,
    description,
    homepage,
    license,
    project: { url: projectUrl, forge },
    checksums: listOfSha256(checksum),
    downloads: channelDownloads(kind, plan, { url: projectUrl, tag, forge }),
    dependencies: kind === "scoop" ? [] : [...settings.homebrewDependencies],
    ...(kind === "homebrew-cask" ? caskOf(settings) : {}),
    caveats: kind === "scoop" ? undefined : settings.homebrewCaveats,
    test: kind === "homebrew" ? settings.homebrewTest : undefined,
  });
}

/** What Scoop takes digests from; the first list where none is of sha256. */
function listOfSha256(planned: Plan["checksum"]): string {
  const lists = checksumLists(planned);
  return (lists.find(({ algorithm }) => algorithm === "sha256") ?? planned).name;
}

function caskOf({ caskConflicts, caskUnquarantine }: Config["settings"]) {
  return { conflicts: [...caskConflicts], unquarantine: caskUnquarantine };
}

/** Homebrew wants a description of every formula, Scoop a licence of every manifest. */
function assertTold(kind: ChannelKind, { description, license }: Plan["metadata"]): void {
  if (kind !== "scoop" && description === undefined)
    throw new Problem("channel-metadata", `${kind}: Homebrew needs a description`, {
      hint: "set `metadata` with a line `description=What the program does`",
    });
  if (kind === "scoop" && license === undefined)
    throw new Problem("channel-metadata", "scoop: a manifest needs a license", {
      hint: "set `metadata` with a line `license=MIT` (an SPDX identifier)",
    });
}

function nameOf(name: string, kind: ChannelKind): string {
  if (/^[a-z0-9][a-z0-9+._-]*$/u.test(name)) return name;
  throw new Problem("channel-name", `${kind}: people cannot install by the name ${name}`, {
    hint: "set `channel-name` to lower-case letters, digits, `.`, `_`, `-`",
  });
}

/** Beside the project, unless the address of another server was given. */
function addressOf(
  kind: ChannelKind,
  { repository, plan: { destination } }: ChannelInputs,
): Pick<PlannedChannel, "forge" | "repository" | "serverUrl" | "apiUrl"> {
  const { serverUrl, apiUrl } = destination;
  const forge = destination.forge as ServedForge;
  if (!repository.includes("://")) return { forge, repository, serverUrl, apiUrl };
  const found: ProjectAddress | undefined =
    readRemote(repository, { forge, serverUrl }) ?? readRemote(repository);
  if (found === undefined)
    throw new Problem("channel-address", `${kind}: ${repository} is no repository of a forge`, {
      hint: "give OWNER/NAME of one beside the project, or an address on GitHub or GitLab",
    });
  if (found.serverUrl === serverUrl) return { ...found, apiUrl };
  return { ...found, apiUrl: apiOf(found.forge, found.serverUrl) };
}

/** One token is one server's. */
function assertOneServer(channels: readonly PlannedChannel[], given: boolean): void {
  const servers = [...new Set(channels.map(({ apiUrl }) => apiUrl))];
  if (!given || servers.length < 2) return;
  throw new Problem(
    "channel-servers",
    `\`tap-token\` is one server's, and ${channels.map(channelName).join(" and ")} are on ${servers.join(" and ")}`,
    { hint: "name one of them here, and the other in a further step with `publish --channels`" },
  );
}
