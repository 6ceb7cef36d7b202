import { join } from "node:path";
import { formatChecksums } from "../checksums/checksums.ts";
import { digest } from "../checksums/digest.ts";
import type { Staged } from "../forges/forge.ts";
import type { Artifact, ArtifactKind } from "../model/artifact.ts";
import { type Manifest, type Shard } from "../model/manifest.ts";
import { SCHEMA } from "../model/plan.ts";
import type { Packed } from "./pack.ts";
import { assetOf, put } from "./put.ts";
import type { Workshop } from "./workshop.ts";

/** From archives to a release: described, checksummed, signed, verified, and only then made visible. */
export const conclude = async (
  packed: readonly Packed[],
  workshop: Workshop,
  staged: Staged | undefined,
  signal: AbortSignal,
): Promise<Manifest> => {
  const { journal } = workshop;
  const archives = packed.map(({ artifact }) => artifact);
  const checksums = await writeChecksums(archives, workshop);
  const artifacts = [...archives, checksums];
  await put([checksums], workshop, staged, signal);
  const published =
    staged === undefined
      ? undefined
      : await journal.step({ kind: "publish", of: "" }, () =>
          staged.publish(
            artifacts.map((artifact) => assetOf(artifact, workshop)),
            signal,
          ),
        );
  const manifest = manifestOf(packed, artifacts, workshop, { url: published?.url ?? null });
  for (const message of published?.notices ?? []) journal.tell({ type: "notice", message });
  await finish(manifest, workshop);
  return manifest;
};

/** `checksums.txt` over every file that is there before it. */
const writeChecksums = async (
  artifacts: readonly Artifact[],
  workshop: Workshop,
): Promise<Artifact> => {
  const { algorithm, name } = workshop.plan.checksum;
  return await workshop.journal.step({ kind: "checksum", of: name }, async () => {
    const lines = await Promise.all(
      artifacts.map(async (artifact) => ({
        name: artifact.name,
        digest: await digestOf(artifact, algorithm, workshop),
      })),
    );
    return await writeArtifact("checksums", name, formatChecksums(lines), artifacts, workshop);
  });
};

const digestOf = async (
  { name, sha256 }: Artifact,
  algorithm: "sha256" | "sha512",
  { output, world }: Workshop,
): Promise<string> => {
  if (algorithm === "sha256") return sha256;
  return (await digest(() => world.files.source(join(output.staging, name)), [algorithm])).sha512;
};

const writeArtifact = async (
  kind: ArtifactKind,
  name: string,
  text: string,
  from: readonly Artifact[],
  { output, world: { files } }: Workshop,
): Promise<Artifact> => {
  const path = join(output.staging, name);
  await files.write(path, text);
  const { size, sha256 } = await digest(() => files.source(path));
  return { kind, name, path: name, size, sha256, from: from.map((artifact) => artifact.name) };
};

export const manifestOf = (
  packed: readonly Packed[],
  artifacts: readonly Artifact[],
  { plan, journal }: Workshop,
  more: { readonly url: string | null; readonly shard?: Shard },
): Manifest => ({
  schema: SCHEMA,
  plan,
  artifacts: [...artifacts],
  binaries: packed.flatMap(({ binaries }) => binaries),
  timings: [...journal.timings],
  ...more,
});

/** Writes what belongs to the output folder alone and gives every file its final name. */
export const finish = async (
  manifest: Manifest,
  { output, world: { files } }: Workshop,
): Promise<void> => {
  await files.write(
    join(output.staging, "plan.json"),
    `${JSON.stringify(manifest.plan, null, 2)}\n`,
  );
  await files.write(
    join(output.staging, "manifest.json"),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  await output.finish();
};
