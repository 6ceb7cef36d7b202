import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Manifest, Shard } from "./model/manifest.ts";
import { buildArchives } from "./release/build-archives.ts";
import { warnOfStubs } from "./release/cgo.ts";
import { finishRelease, manifestOf, writeManifests } from "./release/finish-release.ts";
import { assertUnchanged, holdSources } from "./release/hold-sources.ts";
import { fetchModules } from "./release/modules.ts";
import type { PackedArtifact } from "./release/pack.ts";
import type { GoReleaseRun, ReleaseRun } from "./release/release-run.ts";
import { archivesOf } from "./release/shards.ts";
import { upload } from "./release/upload.ts";

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
    ]);
    // check: that the compilers saw what was held
    await assertUnchanged(run);
    // describe, checksum, sign, verify, upload the rest, publish
    return await finishRelease(packed, run);
  });
}

/** One shard of it: no token, and no network but for the modules. */
export async function build(outer: GoReleaseRun, shard: Shard): Promise<Manifest> {
  return await orAbandon(outer, async () => {
    await fetchModules(outer);
    const run = await holdSources(outer);
    const [packed] = await Promise.all([
      buildArchives(archivesOf(run.plan, shard), run),
      warnOfStubs(run),
    ]);
    await assertUnchanged(run);
    const artifacts = packed.map(({ artifact }) => artifact);
    const manifest = manifestOf(packed, artifacts, run, { url: null, shard });
    await writeManifests(manifest, run);
    return manifest;
  });
}

/** What shards made on other machines, put together, uploaded and finished. */
export async function publish(
  parts: readonly (PackedArtifact & { readonly folder: string })[],
  run: ReleaseRun,
): Promise<Manifest> {
  return await orAbandon(run, async () => {
    const { files } = run.world;
    for (const { artifact, folder } of parts) {
      const to = join(run.output.staging, artifact.name);
      const { signal } = run;
      await pipeline(files.source(join(folder, artifact.name)), files.sink(to), { signal });
    }
    await upload(
      parts.map(({ artifact }) => artifact),
      run,
    );
    return await finishRelease(parts, run);
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
