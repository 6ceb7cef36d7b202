import type { Member } from "./member.ts";

const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
/** Bit 3: sizes and CRC follow the data; bit 11: the name is UTF-8. */
const FLAGS = (1 << 3) | (1 << 11);
const DEFLATE = 8;
const UNIX = 3 << 8;
const REGULAR_FILE = 0o100000;
const SYMBOLIC_LINK = 0o120000;

/** APPNOTE 4.3.7. */
export function localHeader(member: Omit<Member, "crc" | "packed" | "size" | "offset">): Buffer {
  const extra = member.large ? zip64Extra([0, 0]) : Buffer.alloc(0);
  const size = member.large ? MAX_32 : 0;
  return Buffer.concat([
    u32(0x04034b50),
    u16(member.large ? 45 : 20, FLAGS, DEFLATE, member.time.time, member.time.date),
    u32(0, size, size),
    u16(member.name.length, extra.length),
    member.name,
    extra,
  ]);
}

/** APPNOTE 4.3.9. */
export function dataDescriptor({ crc, packed, size, large }: Member): Buffer {
  return Buffer.concat([u32(0x08074b50, crc), large ? u64(packed, size) : u32(packed, size)]);
}

/** APPNOTE 4.3.12. */
export function centralHeader(member: Member): Buffer {
  const far = member.offset >= MAX_32;
  const wide = [
    ...(member.large ? [member.size, member.packed] : []),
    ...(far ? [member.offset] : []),
  ];
  const extra = wide.length > 0 ? zip64Extra(wide) : Buffer.alloc(0);
  const version = wide.length > 0 ? 45 : 20;
  return Buffer.concat([
    u32(0x02014b50),
    u16(UNIX | version, version, FLAGS, DEFLATE, member.time.time, member.time.date),
    u32(member.crc, member.large ? MAX_32 : member.packed, member.large ? MAX_32 : member.size),
    u16(member.name.length, extra.length, 0, 0, 0),
    u32(
      (((member.link ? SYMBOLIC_LINK : REGULAR_FILE) | member.mode) << 16) >>> 0,
      far ? MAX_32 : member.offset,
    ),
    member.name,
    extra,
  ]);
}

/** APPNOTE 4.3.16, preceded by 4.3.14 and 4.3.15 when a number does not fit. */
export function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const small = count < MAX_16 && size < MAX_32 && offset < MAX_32;
  const shortCount = Math.min(count, MAX_16);
  return Buffer.concat([
    ...(small ? [] : [zip64End(count, size, offset)]),
    u32(0x06054b50),
    u16(0, 0, shortCount, shortCount),
    u32(Math.min(size, MAX_32), Math.min(offset, MAX_32)),
    u16(0),
  ]);
}

function zip64End(count: number, size: number, offset: number) {
  return Buffer.concat([
    u32(0x06064b50),
    u64(44),
    u16(UNIX | 45, 45),
    u32(0, 0),
    u64(count, count, size, offset),
    u32(0x07064b50, 0),
    u64(offset + size),
    u32(1),
  ]);
}

function zip64Extra(values: readonly number[]) {
  return Buffer.concat([u16(1, 8 * values.length), u64(...values)]);
}

function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, 2 * index);
  return bytes;
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

function u64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index);
  return bytes;
}
