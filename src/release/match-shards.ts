import { defined } from "../model/defined.ts";
import { isGoRelease } from "../model/go-version.ts";
import type { ShardClaim } from "../model/manifest.ts";
import type { ArchiveStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { differingParts, planDigest } from "../plan/plan-digest.ts";
import { assertCommitted } from "../plan/uncommitted.ts";
import type { FoundShard } from "./find-shards.ts";
import { formatShard, partsOf } from "./matrix.ts";

/** What the publisher knows by itself, or was told by the CI and not by a shard. */
export interface ShardExpectations {
  readonly plan: Plan;
  /** The run that this job belongs to; undefined in a terminal, which may take the shards of any. */
  readonly run: string | undefined;
  /** sha256 of each manifest.json by the shard's number, as the jobs themselves reported them. */
  readonly digests: ReadonlyMap<number, string> | undefined;
}

/** An archive of the plan, where another job left it, and what that job says of it. */
export interface ShardedArchive {
  readonly step: ArchiveStep;
  readonly folder: string;
  readonly claim: { readonly size: number; readonly sha256: string };
}

/**
 * Where each archive of the plan lies. Throws a `Problem` that names the shard which is missing, doubled, of
 * another plan or run, or of no job that reported it.
 */
export function matchShards(
  found: readonly FoundShard[],
  expected: ShardExpectations,
): readonly ShardedArchive[] {
  const { plan } = expected;
  const count = found.map((shard) => claimOf(shard, expected).count)[0] ?? 1;
  for (const shard of found) assertReported(shard, expected);
  for (const shard of found) assertBuiltFromCommit(shard, plan);
  const shards = Array.from({ length: count }, (_, at) =>
    onlyShard({ index: at + 1, count }, found),
  );
  const parts = partsOf(plan, count);
  const held = new Map(
    shards.flatMap((shard, at) =>
      (parts[at] ?? []).map((step) => [step, archiveIn(step, shard)] as const),
    ),
  );
  return plan.archives.flatMap((step) => held.get(step) ?? []);
}

/** The claim of a shard that is one of this plan and run. */
function claimOf(shard: FoundShard, { plan, run }: ShardExpectations): ShardClaim {
  const { folder, manifest } = shard;
  const claim = manifest.shard;
  if (claim === undefined) {
    throw foreign(`${folder} contains a release, not a shard`, "build shards with `build`");
  }
  if (claim.plan !== planDigest(plan)) throw plannedDifferently(shard, plan);
  if (run !== undefined && claim.run !== run) {
    const other = claim.run === null ? "no CI run" : `run ${JSON.stringify(claim.run)}`;
    throw foreign(`${folder} is of ${other}, and this job of run ${run}`, SAME_RUN);
  }
  const { index, count } = claim;
  const most = plan.archives.length;
  if (
    !Number.isInteger(count) ||
    !Number.isInteger(index) ||
    index < 1 ||
    index > count ||
    count > most
  )
    throw foreign(`${folder} is shard ${formatShard(claim)} of ${most} archives`, SAME_RUN);
  return claim;
}

const SAME_RUN = "build the shards in the pipeline that publishes them, and download only those";

function foreign(message: string, hint: string): Problem {
  return new Problem("shard-foreign", message, { hint });
}

function plannedDifferently({ folder, manifest }: FoundShard, plan: Plan): Problem {
  const differing = differingParts(manifest.plan, plan);
  const parts = differing.map((field) => partOf(field, manifest.plan, plan));
  return new Problem(
    "shards-differ",
    `${folder} was planned differently from this checkout: ${parts.join(", ") || "its digest"}`,
    {
      hint:
        differing.length === 1 && differing[0] === "go"
          ? sameGo(manifest.plan.go)
          : "plan, build and publish the same commit, with the same Go version, configuration and inputs",
    },
  );
}

/** A field in words, with what it is where that is short. */
function partOf(field: string, there: Plan, here: Plan): string {
  if (field === "go") return `go (${JSON.stringify(there.go)} there, ${here.go} here)`;
  if (field === "release") return `release (${releaseOf(there)} there, ${releaseOf(here)} here)`;
  return field;
}

function sameGo(there: string): string {
  const named = isGoRelease(there)
    ? `, or set \`go-version: ${there.slice("go".length)}\` here`
    : "";
  return `use the same Go version in every job: in CI pass the output \`go-version\` of \`plan\` to each${named}`;
}

function releaseOf({ release }: Plan): string {
  return JSON.stringify(`${release.tag ?? release.version} at ${release.commit ?? "no commit"}`);
}

/** One of its number and count; the same bytes may have been downloaded twice. */
function onlyShard(
  wanted: { index: number; count: number },
  found: readonly FoundShard[],
): FoundShard {
  const other = found.find(({ manifest }) => manifest.shard?.count !== wanted.count);
  if (other !== undefined) {
    throw foreign(
      `${found[0]?.folder ?? ""} is one of ${wanted.count} shards, and ${other.folder} one of ${other.manifest.shard?.count ?? 0}`,
      SAME_RUN,
    );
  }
  const [first, ...more] = found.filter(({ manifest }) => manifest.shard?.index === wanted.index);
  if (first === undefined) {
    throw new Problem("shard-missing", `shard ${formatShard(wanted)} is missing`, {
      hint: "build it and download its output as well",
    });
  }
  const twin = more.find(({ digest }) => digest !== first.digest);
  if (twin === undefined) return first;
  throw new Problem(
    "shards-differ",
    `shard ${formatShard(wanted)} is in ${first.folder} and, with other contents, in ${twin.folder}`,
    {
      hint: "remove the stale one; in CI, make sure no other job uploads artifacts named like shards",
    },
  );
}

/** A dry run of a shard may have held more than the commit, which its publisher cannot see. */
function assertBuiltFromCommit({ folder, manifest }: FoundShard, plan: Plan): void {
  try {
    assertCommitted({ ...plan, uncommitted: manifest.plan.uncommitted });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.code, `${folder}: ${error.message}`, defined({ hint: error.hint }));
  }
}

/** Files can be exchanged by any job of a run; what a job reported as its output is that job's alone. */
function assertReported(
  { folder, manifest, digest }: FoundShard,
  { digests }: ShardExpectations,
): void {
  const claim = manifest.shard;
  if (digests === undefined || claim === undefined) return;
  const reported = digests.get(claim.index);
  if (reported === digest && digests.size === claim.count) return;
  const hint =
    "make sure no other job uploads artifacts named like shards, then run all jobs again";
  if (reported === undefined || digests.size !== claim.count) {
    throw new Problem(
      "shard-unreported",
      `${folder} is shard ${formatShard(claim)}, and shards ${[...digests.keys()].join(", ")} were reported by their jobs`,
      { hint: `give each build job an output \`shard-N\` in \`shard-digests\`; ${hint}` },
    );
  }
  throw new Problem(
    "shard-exchanged",
    `${folder} is not what its job produced: manifest.json has ${digest}, but the job reported ${reported}`,
    { hint },
  );
}

function archiveIn(step: ArchiveStep, { folder, manifest }: FoundShard): ShardedArchive {
  const claim = manifest.artifacts.find(({ name }) => name === step.name);
  if (claim !== undefined) {
    const { size, sha256 } = claim;
    return { step, folder, claim: { size, sha256 } };
  }
  throw new Problem("shard-missing", `${folder} does not contain ${step.name}`, {
    hint: "build that shard again and download all of its output",
  });
}
