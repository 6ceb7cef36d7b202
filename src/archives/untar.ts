import type { Unpacked } from "./archive.ts";
import { ByteReader } from "./byte-reader.ts";
import { damaged } from "./damaged.ts";
import { BLOCK, paddingOf } from "./tar.ts";

/** Bytes; a record of ours holds a path and a size. */
const LONGEST_PAX = 1024 * 1024;

type Pax = ReadonlyMap<string, string>;

/** The files of a POSIX tar (IEEE 1003.1, pax interchange), as `tar` writes them; entries of other kinds are skipped. */
export async function* untar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Unpacked> {
  const cutter = new ByteReader(bytes);
  try {
    yield* entriesOf(cutter);
  } finally {
    await cutter.close();
  }
}

async function* entriesOf(cutter: ByteReader): AsyncGenerator<Unpacked> {
  let pax: Pax = new Map();
  for (;;) {
    const header = await cutter.piece(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    assertSum(header);
    const type = textIn(header, 156, 157);
    const size = sizeOf(header, pax);
    const content = cutter.parts(size);
    if (type === "0") yield { name: pax.get("path") ?? pathIn(header), content };
    pax = type === "x" ? recordsIn(await cutter.piece(Math.min(size, LONGEST_PAX))) : new Map();
    if (type !== "x") await cutter.skip(content);
    await cutter.piece(paddingOf(size));
  }
}

function textIn(header: Buffer, start: number, end: number): string {
  return header.toString("utf8", start, end).replace(/\0.*$/su, "");
}

/** The name in a header, where no pax record has a longer one. */
export function pathIn(header: Buffer): string {
  const [prefix, base] = [textIn(header, 345, 500), textIn(header, 0, 100)];
  return prefix === "" ? base : `${prefix}/${base}`;
}

function sizeOf(header: Buffer, pax: Pax): number {
  const size = Number(pax.get("size") ?? octalIn(header, 124, 136));
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw damaged("a file has no size");
}

/** A number of a header, in octal digits; NaN for anything else. */
export function octalIn(header: Buffer, start: number, end: number): number {
  const digits = textIn(header, start, end).trim();
  return /^[0-7]+$/u.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
function assertSum(header: Buffer): void {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== octalIn(header, 148, 156)) throw damaged("a header is not a valid tar header");
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function recordsIn(bytes: Buffer): Pax {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const length = Number(/^\d+ /u.exec(bytes.toString("latin1", at, at + 20))?.[0]);
    const record = bytes.toString("utf8", at, at + length);
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/su.exec(record) ?? [];
    if (key === undefined || value === undefined) throw damaged("a pax record is malformed");
    records.set(key, value);
    at += length;
  }
  return records;
}
