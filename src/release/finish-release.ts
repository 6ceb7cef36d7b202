import { join } from "node:path";
import { formatChecksums } from "../checksums/checksums.ts";
import { digest } from "../checksums/digest.ts";
import type { Published, Staged } from "../forges/forge.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Manifest, Shard } from "../model/manifest.ts";
import { SCHEMA } from "../model/plan.ts";
import { howToVerify } from "../report/how-to-verify.ts";
import { sbomsFor } from "../sboms/index.ts";
import { standing } from "./existing-signatures.ts";
import type { PackedArtifact } from "./pack.ts";
import { together } from "./parallel.ts";
import type { Notary, Workshop } from "./release-run.ts";
import { type Bundling, bundled, type Desk, signFile, type VerifiedBundle } from "./sign.ts";
import { prove } from "./sign-provenance.ts";
import { assetOf, put } from "./upload.ts";
import { writeArtifact } from "./write-artifact.ts";

/** From archives to a release: described, checksummed, signed, verified, and only then made visible. */
export async function conclude(
  packed: readonly PackedArtifact[],
  workshop: Workshop,
  notary: Notary,
  staged: Staged | undefined,
  signal: AbortSignal,
): Promise<Manifest> {
  const archives = packed.map(({ artifact }) => artifact);
  const sboms = await describe(packed, workshop);
  const checksums = await writeChecksums([...archives, ...sboms], workshop);
  const files = [...archives, ...sboms, checksums];
  const told = (signed: readonly VerifiedBundle[], url: string | null): Manifest => {
    const artifacts = [...files, ...signed.map(({ artifact }) => artifact)];
    return { ...manifestOf(packed, artifacts, workshop, { url }), ...identityOf(signed) };
  };
  const made = await sign(files, packed, workshop, notary, staged, signal, bundled);
  const draft = told(made, null);
  await put(draft.artifacts.slice(archives.length), workshop, staged, signal);
  const published = await makeVisible(draft, workshop, staged, signal);
  const signed =
    published?.changed === false && made.length > 0
      ? await sign(files, packed, workshop, notary, staged, signal, standing(made))
      : made;
  const manifest = told(signed, published?.url ?? null);
  await finish(manifest, workshop);
  return manifest;
}

/** Bills of materials, from what the binaries say of themselves. */
async function describe(
  packed: readonly PackedArtifact[],
  workshop: Workshop,
): Promise<readonly Artifact[]> {
  const { plan, journal } = workshop;
  if (plan.sbom === "none") return [];
  return await journal.step({ kind: "describe", of: plan.sbom }, () =>
    Promise.all(
      sbomsFor(
        packed.flatMap(({ binaries }) => binaries),
        plan,
      ).map((sbom) => writeArtifact({ kind: "sbom", ...sbom }, workshop)),
    ),
  );
}

/** `checksums.txt` over every file that is there before it. */
async function writeChecksums(
  artifacts: readonly Artifact[],
  workshop: Workshop,
): Promise<Artifact> {
  const { algorithm, name } = workshop.plan.checksum;
  return await workshop.journal.step({ kind: "checksum", of: name }, async () => {
    const lines = await Promise.all(
      artifacts.map(async (artifact) => ({
        name: artifact.name,
        digest: await digestOf(artifact, algorithm, workshop),
      })),
    );
    const from = artifacts.map((artifact) => artifact.name);
    return await writeArtifact(
      { kind: "checksums", name, text: formatChecksums(lines), from },
      workshop,
    );
  });
}

async function digestOf(
  { name, sha256 }: Artifact,
  algorithm: "sha256" | "sha512",
  { output, world }: Workshop,
): Promise<string> {
  if (algorithm === "sha256") return sha256;
  return (await digest(() => world.files.source(join(output.staging, name)), [algorithm])).sha512;
}

/** The checksums, each archive where it was asked for, and a statement over all of it. */
async function sign(
  files: readonly Artifact[],
  packed: readonly PackedArtifact[],
  workshop: Workshop,
  { signer, run }: Notary,
  staged: Staged | undefined,
  outer: AbortSignal,
  bundling: Bundling,
): Promise<readonly VerifiedBundle[]> {
  const { plan, journal } = workshop;
  if (signer === undefined) {
    journal.tell({ type: "notice", message: `nothing is signed: ${plan.signing.reason}` });
    return [];
  }
  const desk: Desk = { signer, staged };
  const wanted = files.filter(
    ({ kind }) => kind === "checksums" || (plan.signing.each && kind !== "sbom"),
  );
  const signatures = await together(outer, (signal) =>
    wanted.map((artifact) => signFile(artifact, desk, workshop, signal, bundling)),
  );
  if (!plan.provenance) return signatures;
  const proven = [...files, ...signatures.map(({ artifact }) => artifact)];
  return [...signatures, await prove(proven, packed, run, desk, workshop, outer, bundling)];
}

async function makeVisible(
  manifest: Manifest,
  workshop: Workshop,
  staged: Staged | undefined,
  signal: AbortSignal,
): Promise<Published | undefined> {
  if (staged === undefined) return undefined;
  const { journal } = workshop;
  const assets = manifest.artifacts.map((artifact) => assetOf(artifact, workshop));
  const published = await journal.step({ kind: "publish", of: "" }, () =>
    staged.publish(assets, signal, howToVerify(manifest)),
  );
  for (const message of published.notices) journal.tell({ type: "notice", message });
  if (!published.changed) {
    journal.tell({
      type: "notice",
      message: "an identical release was there already: nothing was changed",
    });
  }
  return published;
}

function identityOf(signed: readonly VerifiedBundle[]): Pick<Manifest, "identity"> {
  const identity = signed[0]?.identity;
  return identity === undefined ? {} : { identity };
}

export function manifestOf(
  packed: readonly PackedArtifact[],
  artifacts: readonly Artifact[],
  { plan, journal }: Workshop,
  more: { readonly url: string | null; readonly shard?: Shard },
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
export async function finish(
  manifest: Manifest,
  { output, world: { files } }: Workshop,
): Promise<void> {
  const write = (name: string, data: unknown): Promise<void> =>
    files.write(join(output.staging, name), `${JSON.stringify(data, null, 2)}\n`);
  await write("plan.json", manifest.plan);
  await write("manifest.json", manifest);
  await output.finish();
}
