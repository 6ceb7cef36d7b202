import { digest } from "../checksums/digest.ts";
import type { Manifest } from "../model/manifest.ts";
import { verifyChecksums } from "./checksums.ts";
import type { Expected } from "./expected.ts";
import { type Measured, type ReleasedFiles, readText } from "./files.ts";
import { MANIFEST, readManifest, verifyManifest } from "./manifest.ts";
import { PROVENANCE, verifyProvenance } from "./provenance.ts";
import { verifyCoverage, verifySbom } from "./sboms.ts";
import { SIGNATURE, SignatureCheck } from "./signatures.ts";
import { Findings, type Verdict } from "./verdict.ts";

/** What lies in an output folder and is not released. */
const UNRELEASED = [MANIFEST, "plan.json"];

/**
 * Verifies a release as its consumer would: manifest (where there is one), checksums, signatures, provenance
 * and SBOMs, and that all of them speak of the same files. Asks no network. Finds all faults there are.
 */
export async function verifyRelease(
  files: ReleasedFiles,
  expected: Expected = {},
): Promise<Verdict> {
  const findings = new Findings();
  const released = files.names.filter(
    (name) => !UNRELEASED.includes(name) && !name.startsWith("."),
  );
  const measured = new Map<string, Measured>();
  for (const name of released) {
    measured.set(name, await digest(() => files.open(name), ["sha256", "sha512"]));
  }

  const manifest = files.names.includes(MANIFEST)
    ? readManifest(await readText(files, MANIFEST), findings)
    : undefined;
  if (manifest !== undefined) verifyManifest(manifest, measured, findings);
  await verifyLists(released, files, measured, manifest, findings);
  const signatory = await verifySignatures(released, files, measured, manifest, expected, findings);
  await verifySboms(released, files, measured, manifest, findings);
  const { checked, faults, notices } = findings;
  return { checked, faults, notices, ...(signatory === undefined ? {} : { signatory }) };
}

async function verifyLists(
  released: readonly string[],
  files: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  findings: Findings,
): Promise<void> {
  const list = listOf(released, manifest);
  if (!released.includes(list)) return findings.fault(list, "there is no list of checksums");
  verifyChecksums(list, await readText(files, list), measured, findings);
}

const listOf = (released: readonly string[], manifest: Manifest | undefined): string =>
  manifest?.plan.checksum.name ??
  released.find((name) => name.endsWith("checksums.txt")) ??
  "checksums.txt";

async function verifySignatures(
  released: readonly string[],
  files: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  expected: Expected,
  findings: Findings,
) {
  const bundles = released.filter((name) => name.endsWith(SIGNATURE));
  if (bundles.length === 0) return missingSignatures(expected, manifest, findings);
  const list = listOf(released, manifest);
  // Through the list, or the provenance, every file is signed; a bundle of some other file vouches for that one only.
  if (!bundles.includes(`${list}${SIGNATURE}`) && !bundles.includes(PROVENANCE))
    findings.fault(list, "nothing signs it: no signature covers all files");
  const isThrowaway = manifest?.plan.signing.mode === "throwaway" && !isExpected(expected);
  if (isThrowaway)
    findings.notices.push("a dry run signed this with a throw-away key, which proves nothing");
  const check = new SignatureCheck(expected, findings);
  for (const name of bundles) {
    const payload = isThrowaway ? await check.read(name, files) : await check.verify(name, files);
    if (name !== PROVENANCE || payload === undefined) continue;
    const subjects = new Map([...measured].filter(([file]) => file !== PROVENANCE));
    verifyProvenance(payload, subjects, manifest, expected.source, findings);
  }
  const signatory = check.signatory();
  if (signatory !== undefined && !isExpected(expected)) {
    findings.notices.push(`signed by ${describe(signatory)}: see whether that is whom you trust`);
  }
  return signatory;
}

function missingSignatures(expected: Expected, manifest: Manifest | undefined, findings: Findings) {
  const wanted =
    isExpected(expected) || (manifest !== undefined && manifest.plan.signing.mode !== "none");
  if (wanted) findings.fault("signatures", "nothing is signed");
  else findings.notices.push("nothing is signed: only damage can be found, no forgery");
  return undefined;
}

const isExpected = ({ identity, issuer, publicKey }: Expected): boolean =>
  identity !== undefined || issuer !== undefined || publicKey !== undefined;

const describe = ({ kind, subject, issuer }: NonNullable<Verdict["signatory"]>): string =>
  kind === "key" ? `the key ${subject}` : `${subject} (issuer ${issuer ?? "unknown"})`;

async function verifySboms(
  released: readonly string[],
  files: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  findings: Findings,
): Promise<void> {
  const texts: string[] = [];
  for (const name of released.filter((one) => one.endsWith(".sbom.json"))) {
    const text = await readText(files, name);
    texts.push(text);
    verifySbom(name, text, measured, manifest, findings);
  }
  if (manifest !== undefined) verifyCoverage(texts, manifest, findings);
}
