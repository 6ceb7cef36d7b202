import type { Manifest } from "../model/manifest.ts";
import type { DescribedProgram } from "../sboms/read.ts";
import type { Measured } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** Compares the programs that an SBOM describes with the binaries that the manifest lists, by digest. */
export function verifySbom(
  name: string,
  programs: readonly DescribedProgram[],
  files: ReadonlyMap<string, Measured>,
  manifest: Manifest | undefined,
  findings: Findings,
): void {
  const before = findings.faults.length;
  if (programs.length === 0 && manifest === undefined) {
    findings.notices.push(`${name} was created by another tool: its content is not verified`);
    return;
  }
  if (programs.length === 0) {
    return findings.fault(name, "it is not CycloneDX or SPDX as written by this program");
  }
  for (const program of programs) verifyProgram(name, program, files, manifest, findings);
  if (programs.every(({ artifact }) => files.has(artifact)))
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
    const message = `it describes ${name} of ${artifact}, which is missing`;
    return findings.missing(artifact, sbom, message);
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

/** Each listed binary has to be described by some SBOM. */
export function verifyCoverage(
  described: readonly DescribedProgram[],
  listed: readonly DescribedProgram[],
  findings: Findings,
): void {
  const digests = new Set(described.map(({ sha256 }) => sha256));
  for (const { name, artifact, sha256 } of listed) {
    if (!digests.has(sha256)) findings.fault(artifact, `no SBOM describes its ${name}`);
  }
}
