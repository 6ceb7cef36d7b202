import type { StoredArchive } from "../archive.ts";
import { damaged } from "../damaged.ts";
import { part } from "../part.ts";

/** Bytes; the directory of 600 files has some 60 KB. */
const LARGEST_DIRECTORY = 64 * 1024 * 1024;
const END = 22;
const LONGEST_COMMENT = 0xffff;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** The central directory, where the record at the end says (APPNOTE 4.3.16, and 4.3.14 where the numbers do not fit). */
export async function directoryOf(archive: StoredArchive): Promise<Buffer> {
  const length = Math.min(archive.size, END + LONGEST_COMMENT);
  const tail = await part(archive, archive.size - length, length);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (at < 0 || at + END > length) throw damaged("it has no zip central directory");
  const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const small = tail.readUInt16LE(at + 10) < MAX_16 && size < MAX_32 && offset < MAX_32;
  const place = small ? { size, offset } : await place64(archive, archive.size - length + at);
  if (place.size > LARGEST_DIRECTORY) throw damaged("its zip central directory is too large");
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
    throw damaged("it has no zip central directory");
  return {
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}
