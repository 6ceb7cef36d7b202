import type { Measured } from "./files.ts";
import type { Findings } from "./verdict.ts";

/** What is never listed: the list itself, and what is made after it. */
const isListed = (name: string, list: string): boolean =>
  name !== list && !name.endsWith(".sigstore.json");

/** Compares a list as `sha256sum` writes it with the files: each listed file is there, each file is listed. */
export function verifyChecksums(
  list: string,
  text: string,
  files: ReadonlyMap<string, Measured>,
  findings: Findings,
): void {
  const listed = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, digest = "", name = ""] = /^([0-9a-f]+) [ *](.+)$/.exec(line) ?? [];
    if (digest.length !== 64 && digest.length !== 128) {
      findings.fault(list, `this line is not a checksum: ${line.slice(0, 100)}`);
      continue;
    }
    if (listed.has(name)) findings.fault(list, `${name} is listed twice`);
    listed.add(name);
    compare(name, digest, files.get(name), findings);
  }
  for (const name of files.keys()) {
    if (isListed(name, list) && !listed.has(name))
      findings.fault(name, `it is not listed in ${list}`);
  }
  findings.checked.push(`${listed.size} files against ${list}`);
}

function compare(
  name: string,
  digest: string,
  file: Measured | undefined,
  findings: Findings,
): void {
  if (file === undefined) return findings.fault(name, "it is listed but not there");
  const actual = digest.length === 64 ? file.sha256 : file.sha512;
  if (actual !== digest) findings.fault(name, `its checksum is ${actual}, the list says ${digest}`);
}
