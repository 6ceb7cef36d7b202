import { algorithmOf, type ChecksumAlgorithm } from "../model/algorithms.ts";
import { defined } from "../model/defined.ts";
import type { Manifest } from "../model/manifest.ts";
import {
  CHECKSUMS,
  isForeignSignature,
  isList,
  isReleased,
  isSbom,
  MANIFEST,
  PROVENANCE,
  SIGNATURE,
} from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import { readSbom } from "../sboms/read.ts";
import type { Signatory } from "../signers/bundles/verify.ts";
import { type ChecksumLists, isCovered, readLists, verifyLists } from "./checksums.ts";
import {
  type DescribedBinary,
  type OpenedArchives,
  type ReleaseContents,
  verifyContents,
} from "./contents.ts";
import { type ExpectedSigner, isSomebody } from "./expected.ts";
import { type Measured, measure, type ReleasedFiles, readText } from "./files.ts";
import { toldImages } from "./images.ts";
import { readManifest, verifyManifest } from "./manifest.ts";
import { verifyProvenance } from "./provenance.ts";
import { verifyCoverage, verifySbom } from "./sboms.ts";
import { SignatureCheck } from "./signatures.ts";
import { type BuildOrigin, Findings, type Verdict } from "./verdict.ts";

/**
 * Verifies a release as its consumer would: manifest (where there is one), checksums, signatures, provenance
 * and SBOMs, and that all of them speak of the same files. Asks nobody but `expected.trust`. Finds all faults there are; throws a
 * `Problem` where nothing could show one. Archives that the caller `opened` itself are not unpacked again.
 */
export async function verifyRelease(
  files: ReleasedFiles,
  expected: ExpectedSigner = {},
  opened: OpenedArchives = new Map(),
): Promise<Verdict> {
  const findings = new Findings(expected.partial);
  const released = files.names.filter(isReleased);
  const { others = [] } = files;
  const listNames = released.filter(isList);
  const hasManifest = files.names.includes(MANIFEST);
  if (!hasManifest && listNames.length === 0 && !released.some((name) => name.endsWith(SIGNATURE)))
    throw nothingToGoBy(released.length + others.length);
  const texts = new Map<string, string>();
  for (const list of listNames) texts.set(list, await readText(files, list));
  const lists = readLists(texts, findings);
  const measured = await measure(released, files, algorithmsIn(lists));

  const manifest = hasManifest
    ? readManifest(await readText(files, MANIFEST), findings)
    : undefined;
  if (manifest !== undefined) verifyManifest(manifest, measured, findings);
  if (listNames.length === 0) findings.fault(CHECKSUMS, "there is no checksum file");
  verifyLists(lists, measured, findings);
  const seen = { released, files, measured, lists };
  const signed = await verifySignatures(seen, manifest, expected, findings);
  await verifyPrograms(released, { files, measured, opened }, manifest, findings);
  const images = toldImages(manifest, signed.origin, findings);
  const { checked, faults, notices } = findings;
  const absent = [...findings.absent];
  if (absent.length > 0) notices.push(`missing, and not verified: ${absent.join(", ")}`);
  const uncovered = others.filter((name) => !isForeignSignature(name, released));
  if (uncovered.length > 0)
    notices.push(
      `not covered by the checksums or a signature, and not verified: ${uncovered.join(", ")}`,
    );
  return { checked, faults, notices, absent, uncovered, images, ...signed };
}

/** Most lists are of sha256 alone, and each other takes as long again. */
function algorithmsIn({ whole, beside }: ChecksumLists): ReadonlySet<ChecksumAlgorithm> {
  const checksums = [...[...whole.values()].flat(), ...beside.values()];
  return new Set(checksums.flatMap(({ digest }) => algorithmOf(digest) ?? []));
}

/** A release as it was found. */
interface SeenRelease {
  readonly released: readonly string[];
  readonly files: ReleasedFiles;
  readonly measured: ReadonlyMap<string, Measured>;
  readonly lists: ChecksumLists;
}

function nothingToGoBy(count: number): Problem {
  return new Problem(
    "no-release",
    `there is nothing to verify ${count} files with: no checksums.txt, no signature, no manifest.json`,
    { hint: "give the folder of a built or downloaded release, including its checksums" },
  );
}

async function verifySignatures(
  { released, files, measured, lists }: SeenRelease,
  manifest: Manifest | undefined,
  expected: ExpectedSigner,
  findings: Findings,
): Promise<Pick<Verdict, "signatory" | "origin" | "unaccepted">> {
  const bundles = released.filter((name) => name.endsWith(SIGNATURE));
  tellForeignSignatures(released, files, manifest, findings);
  if (bundles.length === 0) return missingSignatures(expected, manifest, findings);
  // Through lists, or the provenance, every file is signed; a bundle of some other file vouches for that one only.
  if (!bundles.includes(PROVENANCE) && !isCovered(lists, bundles)) {
    const [list = CHECKSUMS] = [...lists.whole.keys(), ...lists.beside.keys()];
    findings.fault(list, "it is not signed: no signature covers all files");
  }
  const isThrowaway = manifest?.plan.signing.mode === "throwaway" && !isExpected(expected);
  if (isThrowaway)
    findings.notices.push("a dry run signed this with a throwaway key, which proves nothing");
  const check = new SignatureCheck(expected, findings);
  if (expected.source !== undefined && !bundles.includes(PROVENANCE))
    findings.fault(PROVENANCE, `it is missing: nothing ties these files to ${expected.source.tag}`);
  let origin: Verdict["origin"];
  for (const name of bundles) {
    const payload = isThrowaway ? await check.read(name, files) : await check.verify(name, files);
    if (name !== PROVENANCE || payload === undefined) continue;
    const subjects = new Map([...measured].filter(([file]) => file !== PROVENANCE));
    origin = verifyProvenance(payload, subjects, manifest, expected.source, findings);
  }
  if (check.known !== undefined) findings.notices.push(`trusted is ${check.known}`);
  const signatory = check.signatory();
  if (signatory !== undefined) tellSigner(signatory, expected, findings);
  verifyCertifiedCommit(signatory, origin, findings);
  const accepted = isExpected(expected) || expected.anySigner === true;
  const unaccepted = isThrowaway ? "throwaway" : "signer";
  return defined({ signatory, origin, unaccepted: accepted ? undefined : unaccepted });
}

function tellForeignSignatures(
  released: readonly string[],
  { others = [] }: ReleasedFiles,
  manifest: Manifest | undefined,
  findings: Findings,
): void {
  const own = manifest?.plan.gpg?.name;
  const foreign = [...released, ...others].filter(
    (name) => isForeignSignature(name, released) && name !== own,
  );
  if (own !== undefined)
    findings.notices.push(`not verified here: ${own}; \`gpg --verify\` reads it`);
  if (foreign.length > 0)
    findings.notices.push(`created by another tool, and not verified: ${foreign.join(", ")}`);
}

function tellSigner(signatory: Signatory, expected: ExpectedSigner, findings: Findings): void {
  const { workflow } = expected;
  if (!isExpected(expected))
    findings.notices.push(`signed by ${describe(signatory)}: check that you trust this signer`);
  else if (workflow !== undefined && findings.faults.length === 0)
    findings.checked.push(
      `the signer, ${describe(signatory)}: a run of ${workflow.repository} for ${workflow.ref}, as expected from its URL`,
    );
}

/** Of a run for the tag the authority knows the commit too. */
function verifyCertifiedCommit(
  signatory: Signatory | undefined,
  origin: BuildOrigin | undefined,
  findings: Findings,
): void {
  const { ref, commit } = signatory?.source ?? {};
  if (commit === undefined || origin === undefined || ref !== `refs/tags/${origin.tag}`) return;
  if (origin.commit !== commit)
    findings.fault(
      PROVENANCE,
      `it names commit ${origin.commit ?? "none"}, its certificate ${commit}`,
    );
}

function missingSignatures(
  expected: ExpectedSigner,
  manifest: Manifest | undefined,
  findings: Findings,
): Pick<Verdict, "unaccepted"> {
  // What only its address tells is no word of the reader's: a release that nobody signs is told as that.
  const { workflow: _, ...named } = expected;
  const wanted =
    isExpected(named) || (manifest !== undefined && manifest.plan.signing.mode !== "none");
  if (wanted) findings.fault("signatures", `nothing is signed${whomWanted(expected)}`);
  else findings.notices.push("nothing is signed: corruption can be detected, but not forgery");
  return wanted || expected.anySigner === true ? {} : { unaccepted: "unsigned" };
}

/** Where nobody said whom to expect, how to ask for less. */
function whomWanted({ workflow }: ExpectedSigner): string {
  if (workflow === undefined) return "";
  const { repository, ref } = workflow;
  return `, and a run of ${repository} for ${ref} was expected; \`--any-signer\` checks for corruption only`;
}

function isExpected(expected: ExpectedSigner): boolean {
  return isSomebody(expected) || expected.publicKey !== undefined;
}

function describe({ kind, subject, issuer }: NonNullable<Verdict["signatory"]>): string {
  return kind === "key" ? `the key ${subject}` : `${subject} (issuer ${issuer ?? "unknown"})`;
}

async function verifyPrograms(
  released: readonly string[],
  contents: ReleaseContents,
  manifest: Manifest | undefined,
  findings: Findings,
): Promise<void> {
  const { files, measured } = contents;
  const described: DescribedBinary[] = [];
  for (const name of released.filter(isSbom)) {
    const programs = readSbom(await readText(files, name)) ?? [];
    verifySbom(name, programs, measured, manifest, findings);
    described.push(...programs.map((program) => ({ ...program, by: name })));
  }
  const listed = (manifest?.binaries ?? []).map((binary) => ({ ...binary, by: MANIFEST }));
  if (described.length > 0) verifyCoverage(described, listed, findings);
  await verifyContents([...described, ...listed], contents, findings);
}
