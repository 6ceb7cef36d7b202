import type { Shard } from "../model/manifest.ts";
import type { ArchiveStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import { balanced, costOf } from "./shard-costs.ts";

/** One row of a CI matrix. */
export interface MatrixRow {
  /** Counted from 1; fit for the name of an artifact, which `shard` is not. */
  readonly index: number;
  readonly count: number;
  /** For `--shard`. */
  readonly shard: string;
  /** What it builds, for people. */
  readonly targets: string;
  /** The machine it is built on, as `runs-on` of GitHub Actions names it. */
  readonly "runs-on": string;
}

/** What has to be known of a plan to part it. */
type Parted = Pick<Plan, "archives" | "builds" | "shardBy">;

/** Labels of machines by operating system; `*` is every other one. */
export type Runners = Readonly<Record<string, string>>;

/** GitHub's own. */
const usual: Runners = { darwin: "macos-latest", windows: "windows-latest", "*": "ubuntu-latest" };

/**
 * A CI matrix of at most `count` parts; never more than there are archives. Throws a `Problem` where there are more
 * operating systems, each of which is to have a part of its own.
 */
export function matrix(plan: Parted, count: number, runners: Runners = {}): readonly MatrixRow[] {
  const parts = Math.min(count, plan.archives.length);
  return partsOf(plan, parts).map((archives, at) => ({
    index: at + 1,
    count: parts,
    shard: formatShard({ index: at + 1, count: parts }),
    targets: archives
      .map(({ name, target }) => (target === undefined ? name : formatTarget(target)))
      .join(" "),
    "runs-on": runnerOf(plan, archives, runners),
  }));
}

/** The archives of one part. */
export function archivesOf(plan: Parted, { index, count }: Shard): readonly ArchiveStep[] {
  return partsOf(plan, count)[index - 1] ?? [];
}

/** `2/5`: as `--shard` takes it. */
export function formatShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** The archives of each part; parts that there are no archives for are left out. */
export function partsOf(
  { archives, builds, shardBy }: Parted,
  count: number,
): readonly ArchiveStep[][] {
  const parts = Math.min(count, archives.length);
  return shardBy === "os" ? partsByOs(archives, builds, parts) : balanced(archives, builds, parts);
}

/** What is of no target goes with the first. */
function osOf({ target }: ArchiveStep, archives: readonly ArchiveStep[]): string {
  return target?.os ?? archives.find((one) => one.target !== undefined)?.target?.os ?? "";
}

/** Each part is of one operating system; the costliest get what parts are left. */
function partsByOs(
  archives: readonly ArchiveStep[],
  builds: Plan["builds"],
  count: number,
): readonly ArchiveStep[][] {
  const groups = new Map<string, ArchiveStep[]>();
  for (const archive of archives) {
    const os = osOf(archive, archives);
    groups.set(os, [...(groups.get(os) ?? []), archive]);
  }
  if (groups.size > count) throw tooFew([...groups.keys()], count);
  const shares = [...groups.values()].map((group) => ({
    group,
    cost: costOf(group, builds),
    parts: 1,
  }));
  for (let left = count - groups.size; left > 0; left--) {
    const load = ({ group, cost, parts }: (typeof shares)[number]): number =>
      parts < group.length ? cost / parts : 0;
    const heaviest = shares.reduce((a, b) => (load(b) > load(a) ? b : a));
    heaviest.parts += 1;
  }
  return shares.flatMap(({ group, parts }) => balanced(group, builds, parts));
}

function tooFew(systems: readonly string[], count: number): Problem {
  return new Problem(
    "shards-too-few",
    `shard-by: os, and ${count} shards are fewer than the operating systems ${systems.join(", ")}`,
    { hint: `use at least \`--shards ${systems.length}\`` },
  );
}

function runnerOf(
  { shardBy, archives: all }: Parted,
  archives: readonly ArchiveStep[],
  runners: Runners,
): string {
  const [first] = archives;
  const os = shardBy === "os" && first !== undefined ? osOf(first, all) : "linux";
  return runners[os] ?? usual[os] ?? runners["*"] ?? usual["*"] ?? "";
}
