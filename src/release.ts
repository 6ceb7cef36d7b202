import type { Manifest, ShardClaim } from "./model/manifest.ts";
import type { ArchiveStep } from "./model/plan.ts";
import { packBeside } from "./release/beside.ts";
import { buildArchives } from "./release/build-archives.ts";
import { warnOfStubs } from "./release/cgo.ts";
import { finishRelease, manifestOf, writeManifests } from "./release/finish-release.ts";
import { prepareGpg } from "./release/gpg.ts";
import { assertUnchanged, holdSources } from "./release/hold-sources.ts";
import { makeInstallers } from "./release/installers.ts";
import type { ShardedArchive } from "./release/match-shards.ts";
import { archivesOf } from "./release/matrix.ts";
import { fetchModules, whileVerifyingModules } from "./release/modules.ts";
import type { PackedArtifact } from "./release/pack.ts";
import { checkApkKey } from "./release/package-keys.ts";
import { fetchPackager, whileBuildingPackager } from "./release/packager.ts";
import { makePackages } from "./release/packages.ts";
import type { GoReleaseRun, ReleaseRun } from "./release/release-run.ts";
import { warnOfUnsetVariables } from "./release/stamps.ts";
import { takeIn } from "./release/take-in.ts";
import type { ToolRun } from "./release/tool-steps.ts";
import { upload } from "./release/upload.ts";

/** A whole release on one machine. The steps have their names in `model/step.ts`, in this order. */
export async function release(outer: GoReleaseRun): Promise<Manifest> {
  return await orAbandon(outer, async () => {
    // download, build, check: who signs for GnuPG and for packages, with keys that can
    checkApkKey(outer);
    const gpg = await prepareGpg(outer);
    // download: the maker of packages
    await fetchPackager(outer);
    const { made, packager } = await whileBuildingPackager(outer, (inner) =>
      make(({ plan }) => plan.archives, packBeside, inner),
    );
    const { packed, run } = made;
    // pack, upload: packages of the programs in the archives
    const packages = await makePackages(packed, packager, run);
    // pack, upload: scripts that install the archives
    const installers = await makeInstallers(packed, run);
    // describe, checksum, sign, verify, upload the rest, publish
    return await finishRelease([...packed, ...packages, ...installers], run, gpg);
  });
}

/** One shard of it: no token, and no network but for the modules. */
export async function build(outer: GoReleaseRun, shard: ShardClaim): Promise<Manifest> {
  return await orAbandon(outer, async () => {
    const { packed, run } = await make(({ plan }) => archivesOf(plan, shard), nothing, outer);
    const artifacts = packed.map(({ artifact }) => artifact);
    const manifest = manifestOf(packed, artifacts, run, { url: null, shard });
    await writeManifests(manifest, run);
    return manifest;
  });
}

/** Archives from sources. */
async function make(
  chosen: (run: GoReleaseRun) => readonly ArchiveStep[],
  beside: (run: GoReleaseRun) => Promise<readonly PackedArtifact[]>,
  outer: GoReleaseRun,
): Promise<{ readonly packed: readonly PackedArtifact[]; readonly run: GoReleaseRun }> {
  // download: the modules
  await fetchModules(outer);
  // check: what only they import, against the commit
  const run = await holdSources(outer);
  // check: the modules, against go.sum
  const packed = await whileVerifyingModules(run, async (inner) => {
    const [made] = await Promise.all([
      // build, inspect, pack, upload: a graph, so that one target is uploaded while another compiles
      buildArchives(chosen(inner), inner),
      warnOfStubs(inner),
      warnOfUnsetVariables(inner),
    ]);
    // pack, upload: what is released and not built
    return [...made, ...(await beside(inner))];
  });
  // check: that compilers and archives saw what was held
  await assertUnchanged(run);
  return { packed, run };
}

async function nothing(): Promise<readonly PackedArtifact[]> {
  return await Promise.resolve([]);
}

/** What shards made on other machines, taken in, uploaded and finished. */
export async function publish(sharded: readonly ShardedArchive[], run: ToolRun): Promise<Manifest> {
  return await orAbandon(run, async () => {
    checkApkKey(run);
    const gpg = await prepareGpg(run);
    await fetchPackager(run);
    const { made: packed, packager } = await whileBuildingPackager(run, async (inner) => {
      // inspect: nothing is uploaded before all of it is found to be what was planned
      const taken = await takeIn(sharded, inner);
      await upload(
        taken.map(({ artifact }) => artifact),
        inner,
      );
      return taken;
    });
    // The publisher has the commit too, and takes nothing of it from others.
    const beside = await packBeside(run);
    const packages = await makePackages(packed, packager, run);
    const installers = await makeInstallers(packed, run);
    return await finishRelease([...packed, ...beside, ...packages, ...installers], run, gpg);
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
