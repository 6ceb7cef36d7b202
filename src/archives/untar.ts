import type { Unpacked } from "./archive.ts";
import { ByteReader } from "./byte-reader.ts";
import { damaged } from "./damaged.ts";
import { BLOCK, paddingOf } from "./tar.ts";

/** Bytes; a record of ours holds a path and a size. */
const LONGEST_PAX = 1024 * 1024;

type Pax = ReadonlyMap<string, string>;

/** One entry of a tar, of any kind. */
export interface TarMember extends Unpacked {
  /** `0` is a file, `2` a symbolic link, `5` a folder. */
  readonly type: string;
  /** Where it leads; empty for what is no link. */
  readonly link: string;
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Where its bytes begin in the tar. */
  readonly start: number;
}

/** The files of a POSIX tar (IEEE 1003.1, pax interchange), as `tar` writes them; entries of other kinds are skipped. */
export async function* untar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Unpacked> {
  for await (const { type, name, content } of tarMembers(bytes))
    if (type === "0") yield { name, content };
}

/** Every entry of a POSIX tar; what is left of its bytes when the next one is asked for is skipped. */
export async function* tarMembers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const cutter = new ByteReader(bytes);
  try {
    yield* membersOf(cutter);
  } finally {
    await cutter.close();
  }
}

async function* membersOf(cutter: ByteReader): AsyncGenerator<TarMember> {
  let pax: Pax = new Map();
  for (let start = BLOCK; ; start += BLOCK) {
    const header = await cutter.piece(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    assertSum(header);
    const type = textIn(header, 156, 157);
    const size = sizeOf(header, pax);
    const content = cutter.parts(size);
    const name = pax.get("path") ?? pathIn(header);
    const link = pax.get("linkpath") ?? textIn(header, 157, 257);
    if (type !== "x" && type !== "g")
      yield { type, name, link, mode: octalIn(header, 100, 108), size, start, content };
    pax = type === "x" ? recordsIn(await cutter.piece(Math.min(size, LONGEST_PAX))) : new Map();
    if (type !== "x") await cutter.skip(content);
    await cutter.piece(paddingOf(size));
    start += size + paddingOf(size);
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
