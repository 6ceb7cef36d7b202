import { posix } from "node:path";
import { type Content, contentsOf } from "../archives/contents/contents.ts";
import type { Manifest } from "../model/manifest.ts";
import { Problem } from "../model/problem.ts";
import { type DescribedProgram, readSbom } from "../sboms/read.ts";
import type { Measured, ReleasedFiles } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** Compares the programs that an SBOM describes with the binaries that the manifest lists, by digest. */
export function verifySbom(
  name: string,
  text: string,
  files: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  findings: Findings,
): void {
  const before = findings.faults.length;
  const programs = readSbom(text) ?? [];
  if (programs.length === 0 && manifest === undefined) {
    findings.notices.push(`${name} is another tool's: what it says of the files is not verified`);
    return;
  }
  if (programs.length === 0) {
    return findings.fault(name, "it is neither CycloneDX nor SPDX as this program writes them");
  }
  for (const program of programs) verifyProgram(name, program, files, manifest, findings);
  findings.passed(`the programs in ${name}`, before);
}

function verifyProgram(
  sbom: string,
  { name, artifact, sha256 }: DescribedProgram,
  files: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  findings: Findings,
): void {
  if (!files.has(artifact)) {
    return findings.fault(sbom, `it describes ${name} of ${artifact}, which is not there`);
  }
  if (manifest === undefined) return;
  const binary = manifest.binaries.find((one) => one.artifact === artifact && one.name === name);
  if (binary === undefined) {
    findings.fault(sbom, `it describes ${name} of ${artifact}, which the manifest does not list`);
  } else if (binary.sha256 !== sha256) {
    findings.fault(
      sbom,
      `it belongs to another ${name} of ${artifact}: ${sha256}, not ${binary.sha256}`,
    );
  }
}

/** Each binary has to be described by some SBOM when there is one at all. */
export function verifyCoverage(
  texts: readonly string[],
  manifest: Manifest,
  findings: Findings,
): void {
  if (texts.length === 0) return;
  const described = new Set(
    texts.flatMap((text) => readSbom(text) ?? []).map(({ sha256 }) => sha256),
  );
  for (const { name, artifact, sha256 } of manifest.binaries) {
    if (!described.has(sha256)) findings.fault(artifact, `no SBOM describes its ${name}`);
  }
}

/**
 * Unpacks what carries the described programs and compares their bytes: an SBOM is worth what it says of them.
 * Nothing is unpacked of a release in which something is wrong already.
 */
export async function verifyContents(
  texts: ReadonlyMap<string, string>,
  files: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<void> {
  if (findings.faults.length > 0) return;
  const described = new Map<string, (DescribedProgram & { sbom: string })[]>();
  for (const [sbom, text] of texts) {
    for (const program of readSbom(text) ?? []) {
      const others = described.get(program.artifact) ?? [];
      described.set(program.artifact, [...others, { ...program, sbom }]);
    }
  }
  const before = findings.faults.length;
  let compared = 0;
  for (const [artifact, programs] of described) {
    const contents = await unpack(artifact, programs, files, measured, findings);
    if (contents === undefined) continue;
    for (const { name, sha256, sbom } of programs) {
      const found = contents.filter((one) => posix.basename(one.name) === name);
      if (found.some((one) => one.sha256 === sha256)) continue;
      const actual = found.map((one) => one.sha256).join(", ") || "not in it";
      findings.fault(sbom, `${name} in ${artifact} is ${actual}, described is ${sha256}`);
    }
    compared += programs.length;
  }
  if (compared > 0) findings.passed(`${compared} unpacked programs against their SBOM`, before);
}

/** The programs that a released file carries, or is; undefined when that cannot be seen. */
async function unpack(
  artifact: string,
  programs: readonly DescribedProgram[],
  files: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<readonly Content[] | undefined> {
  const { size = 0, sha256 = "" } = measured.get(artifact) ?? {};
  const names = new Set(programs.map(({ name }) => name));
  try {
    const packed = { name: artifact, size, open: (range?: Range) => files.open(artifact, range) };
    const contents = await contentsOf(packed, (member) => names.has(posix.basename(member)));
    if (contents !== undefined) return contents;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "archive-large") findings.notices.push(error.message);
    else findings.fault(artifact, `${error.message}: ${String(error.cause)}`);
    return undefined;
  }
  // A bare binary.
  if (!artifact.endsWith(".tar.zst")) return programs.map(({ name }) => ({ name, sha256 }));
  findings.notices.push(`${artifact} is not unpacked: Node ${process.versions.node} knows no zstd`);
  return undefined;
}

type Range = { readonly start: number; readonly end: number };
