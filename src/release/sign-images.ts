import type { BuiltImage } from "../images/made.ts";
import { bundlesAt, putBundle } from "../images/registry/referrers.ts";
import type { Registry } from "../images/registry/registry.ts";
import type { Binary } from "../model/artifact.ts";
import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";
import { imageMaterials } from "../provenance/image-materials.ts";
import { SBOM_TYPES, SIGNED } from "../provenance/image-predicates.ts";
import { payloadOf } from "../provenance/payload.ts";
import {
  isSameBuild,
  PREDICATE_TYPE,
  provenanceOf,
  STATEMENT_TYPE,
} from "../provenance/provenance.ts";
import { sbomOf } from "../sboms/index.ts";
import type { Identity, Subject } from "../signers/signer.ts";
import type { PackedArtifact } from "./pack.ts";
import type { SigningRun } from "./release-run.ts";
import { builderOf } from "./sign-provenance.ts";

/**
 * Signs an image that lies in its registry, and states where it came from and what is in it. What an earlier run
 * signed and still holds stays.
 */
export async function signImage(
  image: BuiltImage,
  registry: Registry,
  packed: readonly PackedArtifact[],
  run: SigningRun,
): Promise<void> {
  const binaries = binariesOf(image, packed);
  const identity = await attest(image, registry, SIGNED, statementOf(image, SIGNED, {}), run);
  const { plan } = run;
  if (plan.provenance) {
    const statement = provenanceFor(image, binaries, identity, run);
    await attest(image, registry, PREDICATE_TYPE, statement, run);
  }
  const sbom = sbomOf(binaries, plan);
  if (sbom === undefined || plan.sbom === "none") return;
  const type = SBOM_TYPES[plan.sbom];
  await attest(image, registry, type, statementOf(image, type, JSON.parse(sbom)), run);
}

async function attest(
  { planned: { repository }, index }: BuiltImage,
  registry: Registry,
  predicateType: string,
  statement: Buffer,
  { plan, journal, signing: { signer }, signal }: SigningRun,
): Promise<Identity> {
  const subjectOf = (bytes: Uint8Array): Subject => ({
    kind: "statement",
    name: repository,
    statement: bytes,
  });
  for (const earlier of await bundlesAt(registry, index.digest, predicateType, signal)) {
    const stated = payloadOf(Buffer.from(earlier));
    if (stated === undefined || !isSame(stated, statement)) continue;
    const known = await orUndefined(signer.verify(subjectOf(stated), earlier));
    if (known !== undefined) return known;
  }
  const subject = subjectOf(statement);
  const of = `${repository} ${predicateType}`;
  const text = await journal.step({ kind: "sign", of }, () => signer.sign(subject, signal));
  const identity = await journal.step({ kind: "verify", of }, () => signer.verify(subject, text));
  const created = plan.release.date;
  await putBundle(registry, index, { text, predicateType, created }, signal);
  return identity;
}

function isSame(one: Buffer, other: Buffer): boolean {
  try {
    return isSameBuild(one, other);
  } catch {
    return false;
  }
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function statementOf(image: BuiltImage, predicateType: string, predicate: unknown): Buffer {
  const subject = [{ name: image.planned.repository, digest: { sha256: hexOf(image) } }];
  return Buffer.from(JSON.stringify({ _type: STATEMENT_TYPE, subject, predicateType, predicate }));
}

function provenanceFor(
  image: BuiltImage,
  binaries: readonly Binary[],
  identity: Identity,
  { plan, journal, signing }: SigningRun,
): Buffer {
  return provenanceOf({
    plan,
    artifacts: [{ name: image.planned.repository, sha256: hexOf(image) }],
    binaries,
    materials: imageMaterials(image.planned),
    run: defined({
      ...signing.builder,
      builder: builderOf(signing.builder.builder, identity),
      started: journal.start,
      finished: journal.now(),
    }),
  });
}

function hexOf({ index }: BuiltImage): string {
  return index.digest.replace("sha256:", "");
}

function binariesOf({ planned }: BuiltImage, packed: readonly PackedArtifact[]): readonly Binary[] {
  const wanted = planned.platforms.flatMap(({ programs }) => programs.map(({ build }) => build));
  const all = packed
    .flatMap(({ binaries }) => binaries)
    .filter(({ build }) => wanted.includes(build));
  // Archives of several formats hold the same program.
  return all.filter(
    ({ build, sha256 }, at) =>
      all.findIndex((other) => other.build === build && other.sha256 === sha256) === at,
  );
}
