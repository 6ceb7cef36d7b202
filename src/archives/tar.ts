import { Problem } from "../model/problem.ts";
import type { Entry } from "./archive.ts";
import { content } from "./content.ts";
import { sortedEntries } from "./sorted-entries.ts";

/** Bytes; everything in a tar begins at a multiple of it. */
export const BLOCK = 512;
/** What eleven octal digits hold: sizes below 8 GiB, dates before 2242. */
const OCTAL_LIMIT = 8 ** 11;

/** A POSIX tar (IEEE 1003.1 pax interchange): ustar headers, with a pax record where they are too small. */
export async function* tar(
  entries: readonly Entry[],
  date: Date,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const mtime = tarSeconds(date);
  for (const entry of sortedEntries(entries)) {
    yield* tarHeaders(entry, mtime);
    // Where a link leads stands in its header.
    if (entry.link !== undefined) continue;
    yield* content(entry, signal);
    yield padding(entry.size);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A date as tar's headers hold it. */
export function tarSeconds(date: Date): number {
  const mtime = Math.floor(date.getTime() / 1000);
  if (mtime >= 0 && mtime < OCTAL_LIMIT) return mtime;
  throw new Problem("archive-date", `a tar archive cannot store the date ${String(date)}`, {
    hint: "commit with a date between 1970 and 2242",
  });
}

function padding(size: number) {
  return Buffer.alloc(paddingOf(size));
}

/** Bytes between the end of a file and the next block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** What stands before the bytes of a file: its header, and before that a pax record where it needs one. */
export function* tarHeaders(
  { name, size: bytes, executable, mode, link }: TarEntry,
  mtime: number,
): Generator<Buffer> {
  const path = splitPath(name);
  const size = link === undefined ? bytes : 0;
  const records = [
    ...(path === undefined ? [paxRecord("path", name)] : []),
    ...(link === undefined || fits(link) ? [] : [paxRecord("linkpath", link)]),
    ...(size < OCTAL_LIMIT ? [] : [paxRecord("size", String(size))]),
  ];
  if (records.length > 0) {
    const pax = Buffer.concat(records);
    const described = { prefix: "", base: Buffer.from("PaxHeader"), mode: 0o644, mtime };
    yield ustar({ ...described, size: pax.length, type: "x" });
    yield pax;
    yield padding(pax.length);
  }
  yield ustar({
    ...(path ?? { prefix: "", base: Buffer.from(name).subarray(0, 100) }),
    mode: mode ?? (link === undefined ? (executable ? 0o755 : 0o644) : 0o777),
    size: size < OCTAL_LIMIT ? size : 0,
    mtime,
    ...(link === undefined
      ? { type: "0" }
      : { type: "2", link: fits(link) ? Buffer.from(link) : Buffer.alloc(0) }),
  });
}

/** A folder's own header: `name` without a slash at its end, of at most 99 characters of ASCII. */
export function tarFolder(name: string, mode: number, mtime: number): Buffer {
  return ustar({ prefix: "", base: Buffer.from(`${name}/`), mode, size: 0, mtime, type: "5" });
}

type TarEntry = Pick<Entry, "name" | "size" | "executable" | "mode" | "link">;

/** Whether a field of ustar holds it: ASCII of at most 100 bytes. */
function fits(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  return /^[\x00-\x7f]{0,100}$/.test(text);
}

/** The name as ustar holds it: ASCII, cut at a slash when it is long; undefined when it needs pax. */
function splitPath(name: string): { prefix: string; base: Buffer } | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  if (!/^[\x00-\x7f]*$/.test(name)) return undefined;
  if (fits(name)) return { prefix: "", base: Buffer.from(name) };
  const slash = name.indexOf("/", name.length - 101);
  if (slash <= 0 || slash > 155) return undefined;
  return { prefix: name.slice(0, slash), base: Buffer.from(name.slice(slash + 1)) };
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

interface UstarFields {
  readonly prefix: string;
  readonly base: Uint8Array;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly type: "0" | "2" | "5" | "x";
  /** Where a link leads. */
  readonly link?: Uint8Array;
}

function ustar({ prefix, base, mode, size, mtime, type, link }: UstarFields): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.set(base, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(mtime, 11), 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  if (link !== undefined) block.set(link, 157);
  block.write("ustar\x0000", 257);
  block.write(octal(0, 7), 329);
  block.write(octal(0, 7), 337);
  block.write(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\x00 `, 148);
  return block;
}

function octal(value: number, digits: number) {
  return value.toString(8).padStart(digits, "0");
}
