import { join } from "node:path";
import type { Staged } from "../forges/forge.ts";
import type { Artifact, ArtifactKind } from "../model/artifact.ts";
import { Problem } from "../model/problem.ts";
import type { Identity, Signer, Subject } from "../signers/signer.ts";
import type { Workshop } from "./release-run.ts";
import { writeArtifact } from "./write-artifact.ts";

/** A bundle that was verified, and whose it is. */
export interface VerifiedBundle {
  readonly artifact: Artifact;
  readonly identity: Identity;
}

/** Whoever signs this run, and where earlier signatures may lie. */
export interface Desk {
  readonly signer: Signer;
  readonly staged: Staged | undefined;
}

/** What bundles are made or found again with. */
export type Bundling = (
  wanted: Wanted,
  subjects: readonly Subject[],
  desk: Desk,
  workshop: Workshop,
  signal: AbortSignal,
) => Promise<VerifiedBundle>;

interface Wanted {
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly from: readonly string[];
}

/** Signs a released file: `NAME.sigstore.json`. */
export async function signFile(
  artifact: Artifact,
  desk: Desk,
  workshop: Workshop,
  signal: AbortSignal,
  bundling: Bundling = bundled,
): Promise<VerifiedBundle> {
  const path = join(workshop.output.staging, artifact.name);
  const subject: Subject = {
    kind: "file",
    name: artifact.name,
    open: () => workshop.world.files.source(path),
  };
  const name = `${artifact.name}.sigstore.json`;
  return await bundling(
    { kind: "signature", name, from: [artifact.name] },
    [subject],
    desk,
    workshop,
    signal,
  );
}

/**
 * The gate: no bundle leaves this function that was not verified by the code that verifies releases. One that an
 * earlier run left at the forge is used again when it verifies for one of the `subjects`; otherwise the first
 * subject is signed.
 */
export const bundled: Bundling = async (wanted, subjects, desk, workshop, signal) => {
  const again = await recalled(wanted, subjects, desk, workshop, signal);
  if (again !== undefined) return again;
  const { kind, name, from } = wanted;
  const { journal } = workshop;
  const { signer } = desk;
  const [subject] = subjects;
  if (subject === undefined) throw new Error(`${name} has nothing to sign`);
  const bundle = await journal.step({ kind: "sign", of: subject.name }, () =>
    signer.sign(subject, signal),
  );
  const identity = await journal.step({ kind: "verify", of: name }, () =>
    signer.verify(subject, bundle),
  );
  return { artifact: await writeArtifact({ kind, name, text: bundle, from }, workshop), identity };
};

/** What lies at the forge, when it verifies for one of the `subjects`. */
export async function recalled(
  { kind, name, from }: Wanted,
  subjects: readonly Subject[],
  { signer, staged }: Desk,
  workshop: Workshop,
  signal: AbortSignal,
): Promise<VerifiedBundle | undefined> {
  const earlier = await staged?.recall(name, signal);
  if (earlier === undefined) return undefined;
  const again = await verified(Buffer.from(earlier).toString(), subjects, signer);
  if (again === undefined) return undefined;
  const { bundle: text, identity } = again;
  return { artifact: await writeArtifact({ kind, name, text, from }, workshop), identity };
}

async function verified(
  bundle: string,
  subjects: readonly Subject[],
  signer: Signer,
): Promise<{ bundle: string; identity: Identity } | undefined> {
  for (const subject of subjects) {
    try {
      return { bundle, identity: await signer.verify(subject, bundle) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  return undefined;
}
