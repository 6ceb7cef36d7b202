import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Staged } from "./forges/forge.ts";
import type { Manifest, Shard } from "./model/manifest.ts";
import { makeArchives } from "./release/build-archives.ts";
import { warnOfStubs } from "./release/cgo.ts";
import { conclude, finish, manifestOf } from "./release/finish-release.ts";
import { fetchModules } from "./release/modules.ts";
import type { PackedArtifact } from "./release/pack.ts";
import type { GoWorkshop, Notary, Workshop } from "./release/release-run.ts";
import { archivesOf } from "./release/shards.ts";
import { put } from "./release/upload.ts";

/** The whole story on one machine: compile, inspect, pack, put, then conclude. Nothing is put in a dry run. */
export async function release(
  workshop: GoWorkshop,
  notary: Notary,
  staged: Staged | undefined,
  signal: AbortSignal,
): Promise<Manifest> {
  return await orNothing(workshop, async () => {
    await fetchModules(workshop, signal);
    const [packed] = await Promise.all([
      makeArchives(workshop.plan.archives, workshop, staged, signal),
      warnOfStubs(workshop),
    ]);
    return await conclude(packed, workshop, notary, staged, signal);
  });
}

/** One shard of it: compile, inspect and pack; no token, no network but the modules. */
export async function build(
  workshop: GoWorkshop,
  shard: Shard,
  signal: AbortSignal,
): Promise<Manifest> {
  return await orNothing(workshop, async () => {
    await fetchModules(workshop, signal);
    const archives = archivesOf(workshop.plan, shard);
    const [packed] = await Promise.all([
      makeArchives(archives, workshop, undefined, signal),
      warnOfStubs(workshop),
    ]);
    const manifest = manifestOf(
      packed,
      packed.map(({ artifact }) => artifact),
      workshop,
      { url: null, shard },
    );
    await finish(manifest, workshop);
    return manifest;
  });
}

/** What shards made on other machines, put together: put, then conclude. */
export async function publish(
  parts: readonly (PackedArtifact & { readonly folder: string })[],
  workshop: Workshop,
  notary: Notary,
  staged: Staged | undefined,
  signal: AbortSignal,
): Promise<Manifest> {
  return await orNothing(workshop, async () => {
    const { files } = workshop.world;
    for (const { artifact, folder } of parts) {
      const to = join(workshop.output.staging, artifact.name);
      await pipeline(files.source(join(folder, artifact.name)), files.sink(to), { signal });
    }
    await put(
      parts.map(({ artifact }) => artifact),
      workshop,
      staged,
      signal,
    );
    return await conclude(parts, workshop, notary, staged, signal);
  });
}

/** A failure leaves nothing behind that looks like a release. */
async function orNothing<T>({ output }: Workshop, story: () => Promise<T>): Promise<T> {
  try {
    return await story();
  } catch (error) {
    await output.abandon();
    throw error;
  }
}
