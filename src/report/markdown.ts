import type { Artifact } from "../model/artifact.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Problem } from "../model/problem.ts";
import { channelLines } from "./channel-text.ts";
import { readerCommands } from "./how-to-verify.ts";
import { problemText } from "./problem-text.ts";
import { unpublishedNote } from "./release-text.ts";
import { formatBytes } from "./table.ts";
import { timeline } from "./timeline.ts";

/** What a release's page in the workflow run shows: the files, how to verify them, where the time went. */
export function releaseSummary(manifest: Manifest): string {
  const { plan, artifacts, url, timings } = manifest;
  const title = `${plan.name} ${plan.release.version}`;
  const commands = readerCommands(manifest);
  return [
    `## ${url === null ? title : `[${title}](${url})`}`,
    outcome(manifest),
    table(artifacts, url),
    ...imageTable(manifest),
    ...channelList(manifest),
    ...(commands.length === 0 ? [] : ["### Verify", `\`\`\`sh\n${commands.join("\n")}\n\`\`\``]),
    "<details><summary>Timeline</summary>",
    timeline(timings),
    "</details>\n",
  ].join("\n\n");
}

function outcome(manifest: Manifest): string {
  const { plan, url } = manifest;
  const { commit } = plan.release;
  if (url !== null) return `Published from \`${commit?.slice(0, 12) ?? ""}\` with ${plan.go}.`;
  const unpublished = unpublishedNote(manifest);
  return `${unpublished.slice(0, 1).toUpperCase()}${unpublished.slice(1)}.`;
}

function channelList(manifest: Manifest): readonly string[] {
  const lines = channelLines(manifest);
  return lines.length === 0 ? [] : ["### Channels", lines.map((line) => `- ${line}`).join("\n")];
}

/** A failure in a few words. */
export function failureTitle(afterRelease: boolean): string {
  return afterRelease ? "Failed after publishing" : "Not released";
}

/** The same for a run that failed: what happened and the cure. */
export function failureSummary(title: string, problem: Problem): string {
  return `## ${title}\n\n${fenced(problemText(problem))}\n`;
}

function table(artifacts: readonly Artifact[], url: string | null): string {
  const rows = artifacts.map(
    ({ name, size, sha256 }) => `| ${link(name, url)} | ${formatBytes(size)} | \`${sha256}\` |`,
  );
  return ["| File | Size | SHA-256 |", "|:---|---:|:---|", ...rows].join("\n");
}

function imageTable({ images = [] }: Manifest): readonly string[] {
  if (images.length === 0) return [];
  const rows = images.map(
    ({ repository, digest, tags, archive }) =>
      `| ${repository} | ${archive ?? tags.join(", ")} | \`${digest}\` |`,
  );
  return [["| Image | Tags | Digest |", "|:---|:---|:---|", ...rows].join("\n")];
}

/** A release's page and its files lie beside each other on GitHub; elsewhere the name must do. */
function link(name: string, url: string | null): string {
  if (url?.includes("/releases/tag/") !== true || url.includes("/untagged-")) return name;
  return `[${name}](${url.replace("/releases/tag/", "/releases/download/")}/${encodeURIComponent(name)})`;
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
