import type { Unpacked } from "../archives/archive.ts";
import { formatOf } from "../archives/index.ts";
import { digest } from "../checksums/digest.ts";
import { Problem } from "../model/problem.ts";
import type { DescribedProgram } from "../sboms/read.ts";
import type { Measured, ReleasedFiles } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** What a document says of a program. */
export interface Claim extends DescribedProgram {
  /** The document's name. */
  readonly by: string;
}

/** The files inside a released file; undefined for one that is no archive. Throws a `Problem` where it is damaged. */
export const contentsOf = (
  name: string,
  size: number,
  released: ReleasedFiles,
): AsyncIterable<Unpacked> | undefined =>
  formatOf(name)?.read({ size, open: (range) => released.open(name, range) });

/**
 * Unpacks what carries the programs and compares their bytes with what is said of them: an SBOM that belongs to
 * other programs is worth nothing. Nothing is unpacked of a release in which something is wrong already.
 */
export async function verifyContents(
  claims: readonly Claim[],
  released: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<void> {
  if (findings.faults.length > 0) return;
  const artifacts = new Set(claims.map(({ artifact }) => artifact));
  let seen = 0;
  for (const artifact of artifacts) {
    const found = await digestsIn(artifact, released, measured, findings);
    if (found === undefined) continue;
    seen += 1;
    for (const { by, name, sha256 } of claims.filter((claim) => claim.artifact === artifact)) {
      const actual = found(name);
      if (actual !== sha256)
        findings.fault(by, `${name} in ${artifact} is ${actual ?? "not in it"}, not ${sha256}`);
    }
  }
  if (seen > 0) findings.passed(`the programs inside ${seen} files`, 0);
}

/** The sha256 of each program that a released file carries, or is; undefined when that cannot be seen. */
async function digestsIn(
  artifact: string,
  released: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<((program: string) => string | undefined) | undefined> {
  const contents = contentsOf(artifact, measured.get(artifact)?.size ?? 0, released);
  if (contents === undefined) return () => measured.get(artifact)?.sha256;
  const digests = new Map<string, string>();
  try {
    for await (const { name, content } of contents)
      digests.set(name, (await digest(() => content)).sha256);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "archive-unsupported")
      findings.notices.push(`${artifact} is not unpacked: ${error.message}`);
    else findings.fault(artifact, error.message);
    return undefined;
  }
  return (program) => digests.get(program);
}
