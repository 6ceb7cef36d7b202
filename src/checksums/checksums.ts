import { algorithmOf, type ChecksumAlgorithm } from "../model/algorithms.ts";
import { Problem } from "../model/problem.ts";

/** One line of a checksums file. */
export interface Checksum {
  readonly name: string;
  /** Lower-case hex. */
  readonly digest: string;
}

/** As `sha256sum` and `sha512sum` write it and `-c` reads it: sorted by the bytes of the names. */
export function formatChecksums(checksums: readonly Checksum[]): string {
  return checksums
    .map((checksum) => ({ checksum, key: Buffer.from(checksum.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ checksum }) => formatLine(checksum))
    .join("");
}

/** GNU marks a line with a backslash when its name is escaped. */
function formatLine({ name, digest }: Checksum): string {
  const escaped = name.replace(/[\\\n\r]/g, (character) => ESCAPES[character] as string);
  return `${escaped === name ? "" : "\\"}${digest}  ${escaped}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };

export interface ParsedChecksum extends Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Reads what GNU's and BSD's tools write: `HEX  NAME`, `HEX *NAME` and `SHA256 (NAME) = HEX`, with
 * an algorithm that its number of digits tells. Blank lines and lines that begin with `#` say nothing. Throws one
 * `Problem` that lists the faulty lines of `file`.
 */
export function parseChecksums(text: string, file: string): readonly ParsedChecksum[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map(parseLine);
  const checksums = lines.filter((line) => line !== undefined && "digest" in line);
  const faulty: ChecksumFault[] = lines.filter((line) => line !== undefined && "fault" in line);
  const faults = [...faulty, ...repeated(checksums)];
  if (checksums.length === 0 && faults.length === 0)
    faults.push({ line: 1, fault: "no checksums" });
  if (faults.length === 0) return checksums;
  faults.sort((a, b) => a.line - b.line);
  const told = faults.slice(0, MOST).map(({ line, fault }) => `line ${line}: ${fault}`);
  if (faults.length > MOST) told.push(`${faults.length - MOST} more lines`);
  throw new Problem("checksums-format", `${file} is not a checksums file: ${told.join("; ")}`, {
    hint: "each line is `HEX  NAME`, as sha256sum writes it",
  });
}

/** Faulty lines that are told one by one: a file of another kind has thousands. */
const MOST = 10;

interface ChecksumFault {
  readonly line: number;
  readonly fault: string;
}

const GNU = /^(\\?)([0-9A-Fa-f]+) [ *](.+)$/s;
const TAGGED = /^(\\?)([A-Za-z0-9-]+) ?\((.+)\) ?= ([0-9A-Fa-f]+)$/s;

function parseLine(raw: string, index: number): ParsedChecksum | ChecksumFault | undefined {
  const line = index + 1;
  const text = raw.replace(/\r$/, "");
  if (text.trim() === "" || text.startsWith("#")) return undefined;
  const [, gnuMark, gnuHex, gnuName] = GNU.exec(text) ?? [];
  const [, tagMark, tag, tagName, tagHex] = TAGGED.exec(text) ?? [];
  const digest = (gnuHex ?? tagHex)?.toLowerCase();
  const name = gnuName ?? tagName;
  if (digest === undefined || name === undefined)
    return { line, fault: `${JSON.stringify(shorten(text))} is not a checksum and a name` };
  const algorithm = algorithmOf(digest);
  if (algorithm === undefined)
    return { line, fault: `a digest of ${digest.length} digits is of no algorithm that is known` };
  if (tag !== undefined && !TAGS[algorithm].includes(tag.toUpperCase()))
    return { line, fault: `${tag} does not have ${digest.length} digits or is not supported` };
  const plain = (gnuMark ?? tagMark) === "" ? name : withoutEscapes(name);
  if (plain === undefined)
    return { line, fault: `${JSON.stringify(shorten(name))} has an unknown escape` };
  return { line, algorithm, digest, name: plain };
}

/** GNU's and BSD's spelling, then OpenSSL's. */
const TAGS: Readonly<Record<ChecksumAlgorithm, readonly string[]>> = {
  sha256: ["SHA256", "SHA2-256"],
  sha512: ["SHA512", "SHA2-512"],
  sha384: ["SHA384", "SHA2-384"],
  sha224: ["SHA224", "SHA2-224"],
  sha1: ["SHA1"],
  md5: ["MD5"],
};

function shorten(text: string) {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function withoutEscapes(name: string): string | undefined {
  if (!/^(?:[^\\]|\\[\\nr])*$/s.test(name)) return undefined;
  return name.replace(/\\([\\nr])/g, (_, escaped: string) => UNESCAPES[escaped] as string);
}

const UNESCAPES: Readonly<Record<string, string>> = { "\\": "\\", n: "\n", r: "\r" };

function repeated(checksums: readonly ParsedChecksum[]): ChecksumFault[] {
  const first = new Map<string, number>();
  return checksums.flatMap(({ name, algorithm, line }) => {
    const key = `${algorithm} ${name}`;
    const before = first.get(key);
    if (before !== undefined)
      return [{ line, fault: `${name} was named in line ${before} already` }];
    first.set(key, line);
    return [];
  });
}
