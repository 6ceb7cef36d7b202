import { join } from "node:path";
import type { Published } from "../forges/forge.ts";
import type { Artifact } from "../model/artifact.ts";
import { checksumFiles, signedChecksums } from "../model/checksum-files.ts";
import type { Manifest, ShardClaim } from "../model/manifest.ts";
import { MANIFEST, PLAN } from "../model/names.ts";
import { SCHEMA } from "../model/plan.ts";
import { howToVerify } from "../report/how-to-verify.ts";
import { sbomsFor } from "../sboms/index.ts";
import { pointChannels, writeChannelFiles } from "./channels.ts";
import { checkCommits } from "./check-commits.ts";
import { closeMilestones } from "./close-milestones.ts";
import { existingSignatures } from "./existing-signatures.ts";
import { type GpgSigner, signWithGpg } from "./gpg.ts";
import { archiveImages, type BuiltImages, makeImages, pushed, untagged } from "./images.ts";
import type { PackedArtifact } from "./pack.ts";
import { parallel } from "./parallel.ts";
import { pushImages } from "./push-images.ts";
import { type ReleaseRun, signs } from "./release-run.ts";
import { type Bundling, bundled, signFile, type VerifiedBundle } from "./sign.ts";
import { type ProvenScene, signProvenance } from "./sign-provenance.ts";
import { tagImages } from "./tag-images.ts";
import { assetOf, upload } from "./upload.ts";
import { openedBefore, verifyStaged } from "./verify-staged.ts";
import { writeArtifact } from "./write-artifact.ts";
import { writeChecksums } from "./write-checksums.ts";

/**
 * From archives to a release: described, checksummed, signed, verified as its readers will, and only then made
 * visible.
 */
export async function finishRelease(
  packed: readonly PackedArtifact[],
  run: ReleaseRun,
  gpg?: GpgSigner,
): Promise<Manifest> {
  const archives = packed.map(({ artifact }) => artifact);
  const sboms = await describe(packed, run);
  const checksums = await writeChecksums([...archives, ...sboms], run);
  const [list] = checksums;
  const gpgSigned = list === undefined ? [] : await signWithGpg(list, gpg, run);
  const files = [...archives, ...sboms, ...checksums, ...gpgSigned];
  const images = await makeImages(packed, run);
  const told = (signed: readonly VerifiedBundle[], url: string | null): Manifest => {
    const artifacts = [...files, ...signed.map(({ artifact }) => artifact)];
    return { ...manifestOf(packed, artifacts, run, { url }), ...identityOf(signed) };
  };
  const scene = { files, packed, images };
  const made = await sign(scene, run, bundled);
  checkCommits(made, run);
  const draft = { ...told(made, null), ...digestsOf(images, run) };
  await verifyStaged(draft, openedBefore(packed), run);
  await upload(draft.artifacts.slice(archives.length), run);
  const pointers = await writeChannelFiles(archives, run);
  if (!run.plan.dryRun) await pushImages(images, packed, run);
  const published = await makeVisible(draft, run);
  const signed =
    published?.changed === false && made.length > 0
      ? await sign(scene, run, existingSignatures(made))
      : made;
  const whole = {
    ...told(signed, published?.url ?? null),
    ...stays(published?.immutable),
    ...(await settled(images, run)),
    ...(published === undefined ? {} : await closeMilestones(run)),
    ...(published === undefined ? {} : await pointChannels(pointers, run)),
  };
  await writeManifests(whole, run);
  return whole;
}

/** Known before they are sent anywhere. */
function digestsOf(images: BuiltImages, { plan }: ReleaseRun): Pick<Manifest, "images"> {
  return plan.dryRun || images.images.length === 0 ? {} : { images: [...untagged(images)] };
}

/** What became of the images, once the release is visible. */
async function settled(images: BuiltImages, run: ReleaseRun): Promise<Pick<Manifest, "images">> {
  if (images.images.length === 0) return {};
  const { dryRun, release } = run.plan;
  if (dryRun) return { images: [...(await archiveImages(images, run))] };
  if (!release.draft) return { images: await tagImages(pushed(images), run) };
  const message = "the release stays a draft, so that no tag of an image was moved";
  run.journal.tell({ type: "notice", message });
  return { images: [...untagged(images)] };
}

/** Bills of materials, from what the binaries say of themselves. */
async function describe(
  packed: readonly PackedArtifact[],
  run: ReleaseRun,
): Promise<readonly Artifact[]> {
  const { plan, journal } = run;
  if (plan.sbom === "none") return [];
  return await journal.step({ kind: "describe", of: plan.sbom }, () =>
    Promise.all(
      sbomsFor(
        packed.flatMap(({ binaries }) => binaries),
        plan,
      ).map((sbom) => writeArtifact({ kind: "sbom", ...sbom }, run)),
    ),
  );
}

/** The checksums, each archive where it was asked for, and a statement over all of it. */
async function sign(
  { files, ...more }: ProvenScene,
  outer: ReleaseRun,
  bundling: Bundling,
): Promise<readonly VerifiedBundle[]> {
  const { plan, journal } = outer;
  if (!signs(outer)) {
    journal.tell({ type: "notice", message: `nothing is signed: ${plan.signing.reason}` });
    return [];
  }
  const strong = new Set(signedChecksums(checksumFiles(plan.checksum, namesOf(files))));
  const wanted = files.filter(
    ({ kind, name }) =>
      (kind === "checksums" && strong.has(name)) ||
      (kind !== "checksums" &&
        plan.signing.everyArchive &&
        kind !== "sbom" &&
        kind !== "signature"),
  );
  const signatures = await parallel(outer, (run) =>
    wanted.map((artifact) => signFile(artifact, run, bundling)),
  );
  if (!plan.provenance) return signatures;
  const proven = [...files, ...signatures.map(({ artifact }) => artifact)];
  return [
    ...signatures,
    await signProvenance({ files: proven, ...more }, signatures[0]?.identity, outer, bundling),
  ];
}

function namesOf(files: readonly Artifact[]): readonly string[] {
  return files.filter(({ kind }) => kind !== "checksums").map(({ name }) => name);
}

async function makeVisible(manifest: Manifest, run: ReleaseRun): Promise<Published | undefined> {
  const { journal, signal, staged } = run;
  if (staged === undefined) return undefined;
  const assets = manifest.artifacts.map((artifact) => assetOf(artifact, run));
  const known = stays(await staged.becomesImmutable(signal));
  const postscript = howToVerify({ ...manifest, ...known });
  const published = await journal.step({ kind: "publish", of: "" }, () =>
    staged.publish(assets, signal, postscript),
  );
  for (const message of published.notices) journal.tell({ type: "notice", message });
  if (!published.changed) {
    journal.tell({
      type: "notice",
      message: "an identical release already exists: nothing was changed",
    });
  }
  return published;
}

function stays(immutable = false): Pick<Manifest, "immutable"> {
  return immutable ? { immutable } : {};
}

function identityOf(signed: readonly VerifiedBundle[]): Pick<Manifest, "identity"> {
  const identity = signed[0]?.identity;
  return identity === undefined ? {} : { identity };
}

export function manifestOf(
  packed: readonly PackedArtifact[],
  artifacts: readonly Artifact[],
  { plan, journal }: ReleaseRun,
  more: { readonly url: string | null; readonly shard?: ShardClaim },
): Manifest {
  return {
    schema: SCHEMA,
    plan,
    artifacts: [...artifacts],
    binaries: packed.flatMap(({ binaries }) => binaries),
    timings: [...journal.timings],
    ...more,
  };
}

/** Writes what belongs to the output folder alone and gives every file its final name. */
export async function writeManifests(
  manifest: Manifest,
  { output, world: { files } }: ReleaseRun,
): Promise<void> {
  const write = (name: string, data: unknown): Promise<void> =>
    files.write(join(output.staging, name), `${JSON.stringify(data, null, 2)}\n`);
  await write(PLAN, manifest.plan);
  await write(MANIFEST, manifest);
  await output.finish();
}
