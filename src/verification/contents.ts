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

/** The programs in archives that somebody has unpacked already, and their sha256, by the archive's name. */
export type OpenedArchives = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The files of a release and what is known of them. */
export interface ReleaseContents {
  readonly files: ReleasedFiles;
  readonly measured: ReadonlyMap<string, Measured>;
  readonly opened: OpenedArchives;
}

/** Archives that are unpacked at a time; as many as Node has threads for it. */
const AT_ONCE = 4;

/**
 * Unpacks what carries the programs and compares their bytes with what is said of them: an SBOM that belongs to
 * other programs is worth nothing. Nothing is unpacked of a release in which something is wrong already.
 */
export async function verifyContents(
  claims: readonly DescribedBinary[],
  contents: ReleaseContents,
  findings: Findings,
): Promise<void> {
  if (findings.faults.length > 0) return;
  const byArtifact = new Map<string, DescribedBinary[]>();
  for (const claim of claims)
    byArtifact.set(claim.artifact, [...(byArtifact.get(claim.artifact) ?? []), claim]);
  const all = [...byArtifact].map(([artifact, own]) => ({ artifact, own }));
  const found = await atOnce(AT_ONCE, all, ({ artifact, own }) =>
    digestsIn(artifact, own, contents),
  );
  const seen = all.filter(({ artifact, own }, at) =>
    compareClaims(artifact, own, found[at] ?? "missing", findings),
  );
  if (seen.length > 0) findings.passed(`the programs inside ${seen.length} files`, 0);
}

/** The sha256 of each claimed program, or why it cannot be told. */
type ProgramDigests = ReadonlyMap<string, string> | Problem | "missing";

/** Whether the programs of a released file could be seen. */
function compareClaims(
  artifact: string,
  claims: readonly DescribedBinary[],
  found: ProgramDigests,
  findings: Findings,
): boolean {
  if (found === "missing") {
    for (const { by } of claims)
      findings.missing(artifact, by, `it refers to ${artifact}, which is missing`);
  } else if (found instanceof Problem) {
    if (found.code === "archive-unsupported")
      findings.notices.push(`${artifact} is not unpacked: ${found.message}`);
    else findings.fault(artifact, found.message);
  } else {
    for (const { by, name, sha256 } of claims) {
      const actual = found.get(name);
      if (actual !== sha256)
        findings.fault(by, `${name} in ${artifact} is ${actual ?? "not in it"}, not ${sha256}`);
    }
    return true;
  }
  return false;
}

/** The programs that a released file carries, or is. */
async function digestsIn(
  artifact: string,
  claims: readonly DescribedBinary[],
  { files, measured, opened }: ReleaseContents,
): Promise<ProgramDigests> {
  const file = measured.get(artifact);
  if (file === undefined) return "missing";
  const known = opened.get(artifact);
  if (known !== undefined) return known;
  const names = new Set(claims.map(({ name }) => name));
  try {
    const unpacked = contentsOf(artifact, file.size, files);
    if (unpacked === undefined) return new Map([...names].map((name) => [name, file.sha256]));
    return await digestsOf(unpacked, names);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** The sha256 of those of the files that have these names; what is compressed by itself has none and is any of them. */
export async function digestsOf(
  unpacked: AsyncIterable<Unpacked>,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for await (const { name, content } of unpacked)
    for (const claimed of name === "" ? names : [name].filter((one) => names.has(one)))
      digests.set(claimed, (await digest(() => content)).sha256);
  return digests;
}

/** Works on some at a time; gives the results in the order of the items. */
async function atOnce<Item, Result>(
  count: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}
