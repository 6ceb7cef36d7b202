import type { Shard } from "../model/manifest.ts";
import type { ArchiveStep, Plan } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";

/** One row of a CI matrix. */
export interface MatrixRow {
  /** Counted from 1; fit for the name of an artifact, which `shard` is not. */
  readonly index: number;
  readonly count: number;
  /** For `--shard`. */
  readonly shard: string;
  /** What it builds, for people. */
  readonly targets: string;
}

/** A CI matrix of at most `count` parts; never more than there are archives. */
export function matrix(plan: Plan, count: number): readonly MatrixRow[] {
  const parts = Math.min(count, plan.archives.length);
  return Array.from({ length: parts }, (_, at) => ({
    index: at + 1,
    count: parts,
    shard: formatShard({ index: at + 1, count: parts }),
    targets: archivesOf(plan, { index: at + 1, count: parts })
      .map(({ name, target }) => (target === undefined ? name : formatTarget(target)))
      .join(" "),
  }));
}

/** The archives of one part: every `count`-th, so that no part gets all of a slow platform. */
export function archivesOf({ archives }: Plan, { index, count }: Shard): readonly ArchiveStep[] {
  return archives.filter((_, at) => at % count === index - 1);
}

/** `2/5`: as `--shard` takes it. */
export function formatShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}
