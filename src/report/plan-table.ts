import type { Plan } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";
import { plannedChannelLines } from "./channel-text.ts";
import { table } from "./table.ts";

/** A plan as a person reads it. */
export function planTable(plan: Plan): string {
  const { release, destination, signing } = plan;
  const goal =
    destination.forge === "directory"
      ? "the output folder"
      : `${destination.forge} ${destination.repository}`;
  return [
    `${plan.name} ${release.version}${release.snapshot ? " (snapshot)" : ""} of ${plan.module.path}`,
    `commit ${release.commit?.slice(0, 12) ?? "unknown"}, ${release.date}, ${plan.go}`,
    `${plan.dryRun ? "dry run; would go to" : "goes to"} ${goal}; signing: ${signing.mode} (${signing.reason})`,
    ...(plan.before ?? []).map((command) => `before: ${command}`),
    "",
    table([
      ["ARTIFACT", "TARGET", "PROGRAMS"],
      ...plan.archives.map(({ name, target, binaries }) => [
        name,
        target === undefined ? "" : formatTarget(target),
        binaries.map((binary) => binary.name).join(" "),
      ]),
      ...(plan.source === undefined ? [] : [[plan.source.name, "", "the commit's files"]]),
      ...(plan.extraFiles ?? []).map(({ name, source }) => [name, "", source]),
      ...(plan.packages ?? []).map(({ name, target, programs }) => [
        name,
        formatTarget(target),
        programs.map((program) => program.name).join(" "),
      ]),
      ...(plan.installer?.scripts ?? []).map(({ name, downloads }) => [
        name,
        "",
        `installs ${downloads.flatMap(({ machines }) => machines).join(" ")}`,
      ]),
    ]),
    ...imageLines(plan),
    ...(plan.channels.length === 0 ? [] : ["", ...plannedChannelLines(plan)]),
    ...(plan.skipped.length === 0 ? [] : ["", ...skippedLines(plan)]),
    ...(plan.generated.length === 0 ? [] : ["", ...generatedLines(plan)]),
    ...(plan.notices.length === 0 ? [] : ["", ...plan.notices.map((notice) => `note: ${notice}`)]),
  ].join("\n");
}

function imageLines({ images = [] }: Plan): readonly string[] {
  if (images.length === 0) return [];
  const rows = images.map(({ repository, tags, base, platforms }) => [
    repository,
    tags.map(({ name }) => name).join(" "),
    base === "scratch" ? base : base.replace(/^(.*@sha256:.{12}).*$/u, "$1"),
    platforms.map(({ target }) => formatTarget(target)).join(" "),
  ]);
  return ["", table([["IMAGE", "TAGS", "BASE", "TARGETS"], ...rows])];
}

function skippedLines({ skipped }: Plan): readonly string[] {
  return skipped.map(({ program, reason }) => `not built: ${program} ${reason}`);
}

/** As many as a screen has room for; all are in the plan's JSON. */
const MOST_GENERATED = 10;

function generatedLines({ generated }: Plan): readonly string[] {
  const more = generated.length - MOST_GENERATED;
  return [
    ...generated
      .slice(0, MOST_GENERATED)
      .map(({ path, sha256 }) => `generated: ${path} sha256:${sha256?.slice(0, 16)}`),
    ...(more > 0 ? [`generated: and ${more} more`] : []),
  ];
}

/** A plan in one line. `from` says what the run was started for, which may be why it is dry. */
export function planSummary(
  { name, release, builds, archives, dryRun }: Plan,
  from?: string,
): string {
  const parts = `${counted(builds, "build")}, ${counted(archives, "archive")}`;
  const dry = from === undefined ? ", dry run" : `; a dry run, triggered for ${from}`;
  return `${name} ${release.version}: ${parts}${dryRun ? dry : ""}`;
}

function counted({ length }: readonly unknown[], what: string): string {
  return `${length} ${what}${length === 1 ? "" : "s"}`;
}
