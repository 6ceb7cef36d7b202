import { type Checksum, parseChecksums } from "../checksums/checksums.ts";
import { algorithmOf, isStrong } from "../model/algorithms.ts";
import { besideWhat, isForeignSignature, isList, SIGNATURE } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Measured } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** What the checksum files of a release say, each of all files or of one beside it. */
export interface ChecksumLists {
  readonly whole: ReadonlyMap<string, readonly Checksum[]>;
  readonly beside: ReadonlyMap<string, Checksum>;
}

/** A list that cannot be read lists nothing. */
export function readLists(texts: ReadonlyMap<string, string>, findings: Findings): ChecksumLists {
  const whole = new Map<string, readonly Checksum[]>();
  const beside = new Map<string, Checksum>();
  for (const [list, text] of texts) {
    const one = checksumBeside(list, text);
    if (one === undefined) whole.set(list, readList(list, text, findings));
    else beside.set(list, one);
  }
  return { whole, beside };
}

/** What a file says of the one that it lies beside; some tools write the digest alone. Undefined for another list. */
export function checksumBeside(list: string, text: string): Checksum | undefined {
  const name = besideWhat(list);
  if (name === undefined) return undefined;
  const [bare] = /^[0-9a-f]+$/iu.exec(text.trim()) ?? [];
  if (bare !== undefined) return { name, digest: bare.toLowerCase() };
  try {
    const [only, ...more] = parseChecksums(text, list);
    return only?.name === name && more.length === 0 ? only : undefined;
  } catch {
    return undefined;
  }
}

/** Compares the lists with the files: each listed file is there, each file is listed. */
export function verifyLists(
  { whole, beside }: ChecksumLists,
  files: ReadonlyMap<string, Measured>,
  findings: Findings,
): void {
  for (const [list, checksums] of whole) verifyWhole(list, checksums, files, findings);
  if (beside.size === 0) return;
  const before = findings.faults.length;
  for (const { name, digest } of beside.values()) compare(name, digest, files.get(name), findings);
  if (whole.size === 0) {
    const proven = new Set([...beside.values()].filter(isProof).map(({ name }) => name));
    for (const name of listable(files))
      if (!proven.has(name))
        findings.fault(name, "no checksum file of sha256 or better is beside it");
  }
  findings.passed(`${beside.size} checksum files beside others`, before);
}

function verifyWhole(
  list: string,
  checksums: readonly Checksum[],
  files: ReadonlyMap<string, Measured>,
  findings: Findings,
): void {
  const before = findings.faults.length;
  for (const { name, digest } of checksums) compare(name, digest, files.get(name), findings);
  const listed = new Set(checksums.map(({ name }) => name));
  for (const name of listable(files))
    if (!listed.has(name)) findings.fault(name, `it is not listed in ${list}`);
  const seen = [...files.keys()].filter((name) => listed.has(name)).length;
  if (seen === 0 && listed.size > 0) findings.fault(list, "none of the files it lists is present");
  findings.passed(`${seen} files against ${list}`, before);
}

/** Whether the signatures among `bundles` cover all files, through lists that nobody could forge a file for. */
export function isCovered({ whole, beside }: ChecksumLists, bundles: readonly string[]): boolean {
  const isSigned = (list: string): boolean => bundles.includes(`${list}${SIGNATURE}`);
  if ([...whole].some(([list, all]) => isSigned(list) && all.every(isProof))) return true;
  const strong = [...beside].filter(([, checksum]) => isProof(checksum));
  return whole.size === 0 && strong.length > 0 && strong.every(([list]) => isSigned(list));
}

function isProof({ digest }: Checksum): boolean {
  const algorithm = algorithmOf(digest);
  return algorithm !== undefined && isStrong(algorithm);
}

/** All but lists, and what is made after them. */
function listable(files: ReadonlyMap<string, Measured>): readonly string[] {
  const names = [...files.keys()];
  return names.filter(
    (name) => !isList(name) && !name.endsWith(SIGNATURE) && !isForeignSignature(name, names),
  );
}

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
  const algorithm = algorithmOf(digest);
  const actual = algorithm === undefined ? undefined : file[algorithm];
  if (actual !== digest)
    findings.fault(
      name,
      `its checksum is ${actual ?? "of no known algorithm"}, the list says ${digest}`,
    );
}
