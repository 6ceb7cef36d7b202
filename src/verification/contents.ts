import type { Unpacked } from "../archives/archive.ts";
import { formatOf } from "../archives/index.ts";
import { digest } from "../checksums/digest.ts";
import { Problem } from "../model/problem.ts";
import type { DescribedProgram } from "../sboms/read.ts";
import type { Measured, ReleasedFiles } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** What a document says of a program. */
export interface DescribedBinary extends DescribedProgram {
  /** The document's name. */
  readonly by: string;
}

/** The files inside a released file; undefined for one that is no archive. Throws a `Problem` where it is damaged. */
export function contentsOf(
  name: string,
  size: number,
  released: ReleasedFiles,
): AsyncIterable<Unpacked> | undefined {
  return formatOf(name)?.read({ size, open: (range) => released.open(name, range) });
}

/**
 * Unpacks what carries the programs and compares their bytes with what is said of them: an SBOM that belongs to
 * other programs is worth nothing. Nothing is unpacked of a release in which something is wrong already.
 */
export async function verifyContents(
  claims: readonly DescribedBinary[],
  released: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<void> {
  if (findings.faults.length > 0) return;
  let seen = 0;
  for (const artifact of new Set(claims.map((claim) => claim.artifact))) {
    const own = claims.filter((claim) => claim.artifact === artifact);
    const found = await digestsIn(artifact, own, released, measured, findings);
    if (found === undefined) continue;
    seen += 1;
    for (const { by, name, sha256 } of own) {
      const actual = found.get(name);
      if (actual !== sha256)
        findings.fault(by, `${name} in ${artifact} is ${actual ?? "not in it"}, not ${sha256}`);
    }
  }
  if (seen > 0) findings.passed(`the programs inside ${seen} files`, 0);
}

/** The sha256 of each claimed program that a released file carries, or is; undefined when that cannot be seen. */
async function digestsIn(
  artifact: string,
  claims: readonly DescribedBinary[],
  released: ReleasedFiles,
  measured: ReadonlyMap<string, Measured>,
  findings: Findings,
): Promise<ReadonlyMap<string, string> | undefined> {
  const file = measured.get(artifact);
  if (file === undefined) {
    for (const { by } of claims)
      findings.missing(artifact, by, `it speaks of ${artifact}, which is not there`);
    return undefined;
  }
  const names = new Set(claims.map(({ name }) => name));
  try {
    const contents = contentsOf(artifact, file.size, released);
    if (contents === undefined) return new Map([...names].map((name) => [name, file.sha256]));
    const digests = new Map<string, string>();
    for await (const { name, content } of contents)
      for (const claimed of name === "" ? names : [name].filter((one) => names.has(one)))
        digests.set(claimed, (await digest(() => content)).sha256);
    return digests;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "archive-unsupported")
      findings.notices.push(`${artifact} is not unpacked: ${error.message}`);
    else findings.fault(artifact, error.message);
    return undefined;
  }
}
