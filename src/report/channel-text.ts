import { type ChannelOutcome, channelName } from "../model/channel.ts";
import type { MadeImage } from "../model/image.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";

const words: Readonly<Record<ChannelOutcome["result"], string>> = {
  moved: "now points at the release",
  there: "pointed at the release already",
  proposed: "a change is proposed",
  kept: "left as it is",
  failed: "failed",
};

type Pointed = Pick<Manifest, "plan" | "channels" | "images">;

/** What became of each channel, images among them, in one line each. */
export function channelLines(manifest: Pointed): readonly string[] {
  const { images = [], plan } = manifest;
  const tagged = plan.dryRun || plan.release.draft ? [] : images.map(imageLine);
  return [...repositoryLines(manifest), ...tagged];
}

function imageLine({ repository, tags, untagged, detail = "" }: MadeImage): string {
  const names = `image ${repository}: ${words.moved} (${tags.join(", ") || "no tag"})`;
  if (untagged.length === 0) return names;
  return `image ${repository}: ${words.failed} (${untagged.join(", ")} not moved: ${detail})`;
}

function repositoryLines({ channels = [], plan }: Pointed): readonly string[] {
  return channels.map((outcome) => {
    const { result, detail, url } = outcome;
    const more = result === "proposed" && url !== undefined ? `; ${url}` : "";
    const install = result === "moved" ? installCommand(outcome, plan) : undefined;
    const how = install === undefined ? "" : `; \`${install}\``;
    return `${channelName(outcome)}: ${words[result]} (${detail})${more}${how}`;
  });
}

/** How people install by a tap that Homebrew finds by its short name. */
function installCommand({ kind, repository }: ChannelOutcome, plan: Plan): string | undefined {
  const planned = plan.channels.find((one) => one.kind === kind && one.repository === repository);
  const [, owner, tap] = /^([^/]+)\/homebrew-([^/]+)$/u.exec(repository) ?? [];
  if (planned === undefined || kind === "scoop") return undefined;
  const how = kind === "homebrew-cask" ? "--cask " : "";
  return planned.serverUrl === "https://github.com" && owner !== undefined
    ? `brew install ${how}${owner}/${tap}/${planned.name}`
    : undefined;
}

/** Where a plan's channels will be written. */
export function plannedChannelLines({ channels }: Plan): readonly string[] {
  return channels.map((planned) => {
    const { name, versioned, pullRequest, downloads } = planned;
    const platforms = downloads.map(({ os, arch }) => `${os}/${arch}`).join(", ");
    const how = pullRequest ? "proposes" : "commits";
    const also = versioned ? " and its version's own" : "";
    return `channel ${channelName(planned)}: ${how} ${name}${also} for ${platforms}`;
  });
}
