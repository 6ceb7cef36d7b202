import type { Artifact } from "../model/artifact.ts";
import { defined } from "../model/defined.ts";
import { releasedImages } from "../model/image.ts";
import { PROVENANCE } from "../model/names.ts";
import { payloadOf } from "../provenance/payload.ts";
import { isSameBuild, provenanceOf } from "../provenance/provenance.ts";
import type { Identity, Subject } from "../signers/signer.ts";
import { type BuiltImages, untagged } from "./images.ts";
import type { PackedArtifact } from "./pack.ts";
import type { SigningRun } from "./release-run.ts";
import { type Bundling, bundled, type VerifiedBundle } from "./sign.ts";

/** What a statement is over. */
export interface ProvenScene {
  readonly files: readonly Artifact[];
  readonly packed: readonly PackedArtifact[];
  readonly images: BuiltImages;
}

/**
 * The statement where every released file came from. What an earlier run stated of the same files and the same
 * build stands: only the run that is named in it differs. `identity` is whose signatures the files have.
 */
export async function signProvenance(
  { files, packed, images }: ProvenScene,
  identity: Identity | undefined,
  run: SigningRun,
  bundling: Bundling = bundled,
): Promise<VerifiedBundle> {
  const { plan, journal, signing, staged, signal } = run;
  const builder = builderOf(signing.builder.builder, identity);
  const statement = provenanceOf({
    plan,
    artifacts: files,
    images: releasedImages(untagged(images), plan.images ?? []),
    binaries: packed.flatMap(({ binaries }) => binaries),
    run: defined({
      ...signing.builder,
      builder,
      started: journal.start,
      finished: journal.now(),
    }),
  });
  const stated = payloadOf(await staged?.existing(PROVENANCE, signal));
  const subjects = [
    statement,
    ...(stated !== undefined && isSameBuild(stated, statement) ? [stated] : []),
  ].map((bytes): Subject => ({ kind: "statement", name: PROVENANCE, statement: bytes }));
  const from = files.map(({ name }) => name);
  return await bundling({ kind: "provenance", name: PROVENANCE, from }, subjects, run);
}

/**
 * On GitHub the builder is the workflow whose steps ran, as SLSA has it: the called one of a reusable workflow, which
 * only the certificate names. The environment tells the caller.
 */
export function builderOf(
  named: string | undefined,
  identity: Identity | undefined,
): string | undefined {
  const isWorkflow = named?.includes("/.github/workflows/") === true;
  return isWorkflow && identity?.kind === "keyless" ? identity.subject : named;
}
