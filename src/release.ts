import type { Manifest, ShardClaim } from "./model/manifest.ts";
import { packBeside } from "./release/beside.ts";
import { buildArchives } from "./release/build-archives.ts";
import { warnOfStubs } from "./release/cgo.ts";
import { finishRelease, manifestOf, writeManifests } from "./release/finish-release.ts";
import { assertUnchanged, holdSources } from "./release/hold-sources.ts";
import type { ShardedArchive } from "./release/match-shards.ts";
import { archivesOf } from "./release/matrix.ts";
import { fetchModules } from "./release/modules.ts";
import type { CheckedOutRun, GoReleaseRun, ReleaseRun } from "./release/release-run.ts";
import { warnOfUnsetVariables } from "./release/stamps.ts";
import { takeIn } from "./release/take-in.ts";
import { upload } from "./release/upload.ts";
import { openedBefore } from "./release/verify-staged.ts";

/** A whole release on one machine. The steps have their names in `model/step.ts`, in this order. */
export async function release(outer: GoReleaseRun): Promise<Manifest> {
  return await orAbandon(outer, async () => {
    // download, check: the modules, against go.sum
    await fetchModules(outer);
    // check: what only they import, against the commit
    const run = await holdSources(outer);
    const [packed] = await Promise.all([
      // build, inspect, pack, upload: a graph, so that one target is uploaded while another compiles
      buildArchives(run.plan.archives, run),
      warnOfStubs(run),
      warnOfUnsetVariables(run),
    ]);
    // pack, upload: what is released and not built
    const beside = await packBeside(run);
    // check: that compilers and archives saw what was held
    await assertUnchanged(run);
    // describe, checksum, sign, verify, upload the rest, publish
    return await finishRelease([...packed, ...beside], run);
  });
}

/** One shard of it: no token, and no network but for the modules. */
export async function build(outer: GoReleaseRun, shard: ShardClaim): Promise<Manifest> {
  return await orAbandon(outer, async () => {
    await fetchModules(outer);
    const run = await holdSources(outer);
    const [packed] = await Promise.all([
      buildArchives(archivesOf(run.plan, shard), run),
      warnOfStubs(run),
      warnOfUnsetVariables(run),
    ]);
    await assertUnchanged(run);
    const artifacts = packed.map(({ artifact }) => artifact);
    const manifest = manifestOf(packed, artifacts, run, { url: null, shard });
    await writeManifests(manifest, run);
    return manifest;
  });
}

/** What shards made on other machines, taken in, uploaded and finished. */
export async function publish(
  sharded: readonly ShardedArchive[],
  run: CheckedOutRun,
): Promise<Manifest> {
  return await orAbandon(run, async () => {
    // inspect: nothing is uploaded before all of it is found to be what was planned
    const packed = await takeIn(sharded, run);
    await upload(
      packed.map(({ artifact }) => artifact),
      run,
    );
    // The publisher has the commit too, and takes nothing of it from others.
    const beside = await packBeside(run);
    return await finishRelease([...packed, ...beside], run, openedBefore(packed));
  });
}

/** A failure leaves nothing behind that looks like a release. */
async function orAbandon<T>({ output }: ReleaseRun, story: () => Promise<T>): Promise<T> {
  try {
    return await story();
  } catch (error) {
    await output.abandon();
    throw error;
  }
}
