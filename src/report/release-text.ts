import type { Manifest } from "../model/manifest.ts";
import { formatTarget } from "../model/target.ts";
import { channelLines } from "./channel-text.ts";
import { escapeControls } from "./escape-controls.ts";
import { readerCommands } from "./how-to-verify.ts";
import { formatBytes, formatDuration, table } from "./table.ts";

/**
 * The end of a log: what was made, where the time went, where the files are and how anybody verifies them. `faint`
 * sets apart what is less worth reading.
 */
export function releaseText(
  manifest: Manifest,
  folder: string,
  faint = (text: string): string => text,
): string {
  const commands = readerCommands(manifest);
  return [
    escapeControls(manifestTable(manifest)),
    ...imageTable(manifest).map((line) => escapeControls(line)),
    "",
    faint(timeText(manifest)),
    escapeControls(whereText(manifest, folder)),
    ...channelLines(manifest).map(escapeControls),
    ...(commands.length === 0 ? [] : ["", `to verify, in ${escapeControls(folder)}:`]),
    ...commands.map((line) => `  ${escapeControls(line)}`),
  ].join("\n");
}

/** Where the files are, in one line. */
export function whereText(manifest: Manifest, folder: string): string {
  return manifest.url === null
    ? `${unpublishedNote(manifest)}; the files are in ${folder}`
    : `published: ${manifest.url}`;
}

/** Why there is no release to be seen, and what the signatures of a dry run are worth. */
export function unpublishedNote({ plan, shard }: Manifest): string {
  if (shard !== undefined)
    return `part ${shard.index} of ${shard.count}, to be merged by \`publish\``;
  const worthless = plan.dryRun && plan.signing.mode === "throwaway";
  const run = plan.dryRun ? "a dry run: " : "";
  const worth = worthless ? "; the signatures use a throwaway key and prove nothing" : "";
  return `${run}nothing was published${worth}`;
}

/** What was made, as a person reads it. */
function manifestTable(manifest: Manifest): string {
  return table(
    [
      ["FILE", "SIZE", "TARGET", "SHA256"],
      ...manifest.artifacts.map(({ name, size, target, sha256 }) => [
        name,
        formatBytes(size),
        target === undefined ? "" : formatTarget(target),
        sha256.slice(0, 16),
      ]),
    ],
    [1],
  );
}

/** The images, with what names them now. */
function imageTable({ images = [] }: Manifest): readonly string[] {
  if (images.length === 0) return [];
  const rows = images.map(({ repository, digest, tags, archive }) => [
    repository,
    archive ?? (tags.join(" ") || "no tag"),
    digest,
  ]);
  return ["", table([["IMAGE", "TAGS", "DIGEST"], ...rows])];
}

/** Where the time went: each kind of step with its count and the sum of its durations, longest first. */
function timeText({ timings }: Manifest): string {
  const sums = new Map<string, { count: number; total: number }>();
  for (const { step, duration } of timings) {
    const known = sums.get(step.kind) ?? { count: 0, total: 0 };
    sums.set(step.kind, { count: known.count + 1, total: known.total + duration });
  }
  const kinds = [...sums]
    .sort(([, a], [, b]) => b.total - a.total)
    .map(
      ([kind, { count, total }]) =>
        `${kind} ${count > 1 ? `×${count} ` : ""}${formatDuration(total)}`,
    );
  const end = Math.max(0, ...timings.map(({ start, duration }) => start + duration));
  return `${formatDuration(end)} total: ${kinds.join(", ")}`;
}
