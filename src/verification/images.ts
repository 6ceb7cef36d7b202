import { Readable } from "node:stream";
import * as z from "zod/mini";
import { manifestAt } from "../images/registry/manifests.ts";
import { bundlesAt } from "../images/registry/referrers.ts";
import type { Registry } from "../images/registry/registry.ts";
import { type ReleasedImage, releasedImages } from "../model/image.ts";
import type { Manifest } from "../model/manifest.ts";
import { MANIFEST, PROVENANCE } from "../model/names.ts";
import { parsedJson } from "../model/parsed-json.ts";
import { SBOM_TYPES, SIGNED } from "../provenance/image-predicates.ts";
import { PREDICATE_TYPE } from "../provenance/provenance.ts";
import type { Signatory } from "../signers/bundles/verify.ts";
import type { ExpectedSigner } from "./expected.ts";
import type { ReleasedFiles } from "./files.ts";
import { statedOrigin } from "./provenance.ts";
import { SignatureCheck } from "./signatures.ts";
import { type BuildOrigin, Findings, type Verdict } from "./verdict.ts";

/** The images of a release: as its provenance says, and its manifest has to say the same. */
export function toldImages(
  manifest: Manifest | undefined,
  origin: BuildOrigin | undefined,
  findings: Findings,
): readonly ReleasedImage[] {
  const made = manifest?.images;
  if (manifest === undefined || made === undefined) return origin?.images ?? [];
  const listed = releasedImages(made, manifest.plan.images ?? []);
  if (origin !== undefined) compareImages(listed, origin.images, findings);
  if (manifest.plan.dryRun) return [];
  return manifest.plan.release.draft ? listed.map((image) => ({ ...image, tags: [] })) : listed;
}

function compareImages(
  listed: readonly ReleasedImage[],
  stated: readonly ReleasedImage[],
  findings: Findings,
): void {
  const before = findings.faults.length;
  for (const repository of new Set([...listed, ...stated].map((image) => image.repository))) {
    const [here, there] = [listed, stated].map(
      (images) => images.find((image) => image.repository === repository)?.digest ?? "none",
    );
    if (here !== there)
      findings.fault(MANIFEST, `its image ${repository} is ${here}, the provenance says ${there}`);
  }
  if (stated.length > 0)
    findings.passed(`${stated.length} images of ${MANIFEST} against ${PROVENANCE}`, before);
}

/** What of a release its images are held against. */
export interface ImageEvidence {
  readonly expected: ExpectedSigner;
  /** What was found of the release's files. */
  readonly verdict: Pick<Verdict, "signatory" | "origin">;
  /** Whether the release has bills of materials. */
  readonly described: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Verifies an image where people pull it from: it is there, the tags of its version name it, and it is signed and
 * attested by whoever signed the release. Throws a `Problem` where the registry cannot be asked.
 */
export async function verifyImage(
  { repository, digest, tags }: ReleasedImage,
  registry: Registry,
  scene: ImageEvidence,
  findings: Findings,
): Promise<void> {
  const before = findings.faults.length;
  const name = `${repository}@${digest}`;
  if (!(await isWhole(registry, digest, scene.signal)))
    return findings.fault(name, "its registry does not have it, or not all of it");
  for (const tag of tags) {
    const there = await manifestAt(registry, tag, scene.signal);
    if (there?.digest === digest) continue;
    const what = there === undefined ? "there is no such tag" : `the tag names ${there.digest}`;
    findings.fault(`${repository}:${tag}`, `${what}, and the release's image is ${digest}`);
  }
  const named = tags.length === 0 ? "" : `, which ${tags.join(", ")} names`;
  findings.passed(`the image ${name}${named}`, before);
  if (scene.verdict.signatory === undefined) return;
  for (const kind of statementsOf(scene))
    await verifyStatement({ name, digest, ...kind }, registry, scene, findings);
}

const Index = z.object({ manifests: z.array(z.object({ digest: z.string() })) });

/** The index and the manifest of every platform; each is what its digest says, or is not taken. */
async function isWhole(
  registry: Registry,
  digest: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await manifestAt(registry, digest, signal);
  const index = Index.safeParse(parsedJson(found?.text ?? ""));
  if (!index.success) return false;
  for (const platform of index.data.manifests)
    if ((await manifestAt(registry, platform.digest, signal)) === undefined) return false;
  return true;
}

interface StatementKind {
  /** For people. */
  readonly what: string;
  /** Any of them will do. */
  readonly predicateTypes: readonly string[];
}

function statementsOf({ verdict, described }: ImageEvidence): readonly StatementKind[] {
  return [
    { what: "signature", predicateTypes: [SIGNED] },
    ...(verdict.origin === undefined
      ? []
      : [{ what: "provenance", predicateTypes: [PREDICATE_TYPE] }]),
    ...(described ? [{ what: "SBOM", predicateTypes: Object.values(SBOM_TYPES) }] : []),
  ];
}

/** Anybody who may push can put statements beside an image: one by whom the reader means is enough, and needed. */
async function verifyStatement(
  asked: StatementKind & { readonly name: string; readonly digest: string },
  registry: Registry,
  scene: ImageEvidence,
  findings: Findings,
): Promise<void> {
  const { name, digest, what, predicateTypes } = asked;
  const reasons: string[] = [];
  for (const predicateType of predicateTypes)
    for (const bundle of await bundlesAt(registry, digest, predicateType, scene.signal)) {
      const fault = await faultIn(bundle, predicateType, digest, scene);
      if (fault === undefined) return void findings.checked.push(`the ${what} of ${name}`);
      reasons.push(fault);
    }
  const why = reasons.length === 0 ? "it has none" : reasons.join("; ");
  findings.fault(name, `no ${what} of it is good: ${why}`);
}

const Statement = z.object({
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
});

async function faultIn(
  bundle: string,
  predicateType: string,
  digest: string,
  { expected, verdict }: ImageEvidence,
): Promise<string | undefined> {
  const own = new Findings();
  const check = new SignatureCheck(expected, own);
  const payload = await check.verify(PROVENANCE, filesOf(bundle));
  const [fault] = own.faults;
  if (fault !== undefined) return fault.message;
  if (payload === undefined) return "it is no statement";
  const signer = check.signatory();
  if (signer === undefined || !isSame(signer, verdict.signatory))
    return `it was made by ${signer?.subject ?? "nobody"}, the release's files by ${verdict.signatory?.subject}`;
  const read = Statement.safeParse(parsedJson(Buffer.from(payload).toString("utf8")));
  const speaks =
    read.success &&
    read.data.predicateType === predicateType &&
    read.data.subject.some((one) => `sha256:${one.digest["sha256"]}` === digest);
  if (!speaks) return "it speaks of something else";
  return predicateType === PREDICATE_TYPE ? originFault(payload, verdict.origin) : undefined;
}

/** A sound image of another version is not this release's. */
function originFault(payload: Uint8Array, origin: BuildOrigin | undefined): string | undefined {
  const stated = statedOrigin(payload);
  if (stated !== undefined && stated.commit === origin?.commit && stated.tag === origin.tag)
    return undefined;
  const from = `commit ${stated?.commit ?? "none"} and tag ${stated?.tag ?? "none"}`;
  return `it says that the image comes from ${from}, and the release is of ${origin?.commit} and ${origin?.tag}`;
}

function isSame(one: Signatory, other: Signatory | undefined): boolean {
  return one.kind === other?.kind && one.subject === other.subject && one.issuer === other.issuer;
}

/** A bundle as if it were the only file of a release. */
function filesOf(bundle: string): ReleasedFiles {
  return { names: [PROVENANCE], open: () => Readable.from([Buffer.from(bundle)]) };
}
