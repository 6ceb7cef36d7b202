import { join } from "node:path";
import type { Artifact, ArtifactKind } from "../model/artifact.ts";
import { SIGNATURE } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Identity, Subject } from "../signers/signer.ts";
import type { SigningRun } from "./release-run.ts";
import { writeArtifact } from "./write-artifact.ts";

/** A bundle that was verified, and whose it is. */
export interface VerifiedBundle {
  readonly artifact: Artifact;
  readonly identity: Identity;
}

/** What bundles are made or found again with. */
export type Bundling = (
  wanted: Wanted,
  subjects: readonly Subject[],
  run: SigningRun,
) => Promise<VerifiedBundle>;

interface Wanted {
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly from: readonly string[];
}

/** Signs a released file: `NAME.sigstore.json`. */
export async function signFile(
  artifact: Artifact,
  run: SigningRun,
  bundling: Bundling = bundled,
): Promise<VerifiedBundle> {
  const path = join(run.output.staging, artifact.name);
  const subject: Subject = {
    kind: "file",
    name: artifact.name,
    open: () => run.world.files.source(path),
  };
  const name = artifact.name + SIGNATURE;
  return await bundling({ kind: "signature", name, from: [artifact.name] }, [subject], run);
}

/**
 * The gate: no bundle leaves this function that was not verified by the code that verifies releases. One that an
 * earlier run left at the forge is used again when it verifies for one of the `subjects`; otherwise the first
 * subject is signed.
 */
export const bundled: Bundling = async (wanted, subjects, run) => {
  const again = await existingBundle(wanted, subjects, run);
  if (again !== undefined) return again;
  const { kind, name, from } = wanted;
  const { journal, signal } = run;
  const { signer } = run.signing;
  const [subject] = subjects;
  if (subject === undefined) throw new Error(`${name} has nothing to sign`);
  const bundle = await journal.step({ kind: "sign", of: subject.name }, () =>
    signer.sign(subject, signal),
  );
  const identity = await journal.step({ kind: "verify", of: name }, () =>
    signer.verify(subject, bundle),
  );
  return { artifact: await writeArtifact({ kind, name, text: bundle, from }, run), identity };
};

/** What lies at the forge, when it verifies for one of the `subjects`. */
export async function existingBundle(
  { kind, name, from }: Wanted,
  subjects: readonly Subject[],
  run: SigningRun,
): Promise<VerifiedBundle | undefined> {
  const earlier = await run.staged?.existing(name, run.signal);
  if (earlier === undefined) return undefined;
  const again = await verified(Buffer.from(earlier).toString(), subjects, run.signing);
  if (again === undefined) return undefined;
  const { bundle: text, identity } = again;
  return { artifact: await writeArtifact({ kind, name, text, from }, run), identity };
}

async function verified(
  bundle: string,
  subjects: readonly Subject[],
  { signer }: SigningRun["signing"],
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
