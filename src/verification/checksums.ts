import { type Checksum, parseChecksums } from "../checksums/checksums.ts";
import { isForeignSignature, isList, SIGNATURE } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Measured } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** What is never listed: lists, and what is made after them. */
function isListed(name: string, names: readonly string[]): boolean {
  return !isList(name) && !name.endsWith(SIGNATURE) && !isForeignSignature(name, names);
}

/** Compares a list as `sha256sum` writes it with the files: each listed file is there, each file is listed. */
export function verifyChecksums(
  list: string,
  text: string,
  files: ReadonlyMap<string, Measured>,
  findings: Findings,
): void {
  const before = findings.faults.length;
  const checksums = readList(list, text, findings);
  for (const { name, digest } of checksums) compare(name, digest, files.get(name), findings);
  const listed = new Set(checksums.map(({ name }) => name));
  const names = [...files.keys()];
  for (const name of names) {
    if (isListed(name, names) && !listed.has(name))
      findings.fault(name, `it is not listed in ${list}`);
  }
  const seen = names.filter((name) => listed.has(name)).length;
  if (seen === 0 && listed.size > 0) findings.fault(list, "none of the files it lists is present");
  findings.passed(`${seen} files against ${list}`, before);
}

/** A list that cannot be read lists nothing. */
function readList(list: string, text: string, findings: Findings): readonly Checksum[] {
  try {
    return parseChecksums(text, list);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.fault(list, error.message);
    return [];
  }
}

function compare(
  name: string,
  digest: string,
  file: Measured | undefined,
  findings: Findings,
): void {
  if (file === undefined) return findings.missing(name, name, "it is listed but missing");
  const actual = digest.length === 64 ? file.sha256 : file.sha512;
  if (actual !== digest) findings.fault(name, `its checksum is ${actual}, the list says ${digest}`);
}
