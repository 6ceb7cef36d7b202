import { createInflateRaw } from "node:zlib";
import type { StoredArchive, Unpacked } from "../archive.ts";
import { damaged } from "../damaged.ts";
import { expand } from "../decompress.ts";
import { part } from "../part.ts";

/** Bytes; the directory of 600 files has some 60 KB. */
const LARGEST_DIRECTORY = 64 * 1024 * 1024;
const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** What the central directory tells of a file; its packed size and its place, in bytes. */
interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly offset: number;
}

/** The files of a ZIP (PKWARE's APPNOTE 6.3.10), found through its central directory. */
export async function* unzip(archive: StoredArchive): AsyncGenerator<Unpacked> {
  for (const listed of listedIn(await directoryOf(archive)))
    if (!listed.name.endsWith("/")) yield { name: listed.name, content: content(listed, archive) };
}

async function* content(listed: ZipEntry, archive: StoredArchive): AsyncGenerator<Uint8Array> {
  const { name, method, offset, packed } = listed;
  const header = await part(archive, offset, LOCAL_HEADER);
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(`${name} is not where it is listed`);
  const start = offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + packed - 1;
  if (end >= archive.size) throw damaged("it ends too early");
  if (packed === 0) return;
  const bytes = archive.open({ start, end });
  if (method === STORED) yield* bytes as AsyncIterable<Uint8Array>;
  else if (method === DEFLATED) yield* expand(bytes, createInflateRaw());
  else throw damaged(`${name} is packed by method ${method}, which is not read here`);
}

/** The central directory, where the record at the end says (APPNOTE 4.3.16, and 4.3.14 where the numbers do not fit). */
export async function directoryOf(archive: StoredArchive): Promise<Buffer> {
  const length = Math.min(archive.size, END + LONGEST_COMMENT);
  const tail = await part(archive, archive.size - length, length);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at < 0 || at + END > length) throw damaged("it has no directory at its end");
  const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const small = tail.readUInt16LE(at + 10) < MAX_16 && size < MAX_32 && offset < MAX_32;
  const place = small ? { size, offset } : await place64(archive, archive.size - length + at);
  if (place.size > LARGEST_DIRECTORY) throw damaged("its directory is too large");
  return await part(archive, place.offset, place.size);
}

/** The locator lies before the end record. */
async function place64(
  archive: StoredArchive,
  end: number,
): Promise<{ size: number; offset: number }> {
  const locator = await part(archive, end - 20, 20);
  const record = await part(archive, Number(locator.readBigUInt64LE(8)), 56);
  if (locator.readUInt32LE(0) !== 0x07064b50 || record.readUInt32LE(0) !== 0x06064b50)
    throw damaged("it has no directory at its end");
  return {
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

/** APPNOTE 4.3.12. */
function* listedIn(directory: Buffer): Generator<ZipEntry> {
  for (let at = 0; at < directory.length; ) {
    if (at + CENTRAL_HEADER > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
      throw damaged("its directory is damaged");
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const start = at + CENTRAL_HEADER;
    const end = start + (name ?? 0);
    const [packed, offset] = wide(directory.subarray(end, end + (extra ?? 0)), {
      size: directory.readUInt32LE(at + 24),
      packed: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    });
    yield {
      name: directory.toString("utf8", start, end),
      method: directory.readUInt16LE(at + 10),
      packed,
      offset,
    };
    at = end + (extra ?? 0) + (comment ?? 0);
  }
}

/** APPNOTE 4.5.3: what does not fit stands in the extra field, in this order. */
function wide(
  extra: Buffer,
  short: { readonly size: number; readonly packed: number; readonly offset: number },
): readonly [packed: number, offset: number] {
  let at = 4;
  const next = (value: number): number => {
    if (value !== MAX_32) return value;
    if (extra.length < at + 8 || extra.readUInt16LE(0) !== 1)
      throw damaged("its directory is damaged");
    at += 8;
    return Number(extra.readBigUInt64LE(at - 8));
  };
  next(short.size);
  return [next(short.packed), next(short.offset)];
}
