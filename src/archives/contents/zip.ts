import { pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createInflateRaw } from "node:zlib";
import { Problem } from "../../model/problem.ts";
import type { Member, Packed } from "./contents.ts";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end of the directory and the longest comment behind it. */
const LONGEST_END = 22 + 0xffff;
const LARGEST_DIRECTORY = 64 << 20;
const LIMIT_32 = 0xffffffff;

/** The files that a zip's directory names (PKWARE's APPNOTE 6.3.10), stored or deflated. */
export async function* zipMembers(archive: Packed): AsyncGenerator<Member> {
  const directory = await directoryOf(archive);
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== CENTRAL) throw new Error("its directory is damaged");
    const [method, packed, offset] = [
      directory.readUInt16LE(at + 10),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ];
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (packed === LIMIT_32 || offset === LIMIT_32) throw tooLarge(archive.name);
    if (!name.endsWith("/")) yield { name, bytes: contentOf(archive, method, packed, offset) };
  }
}

async function directoryOf(archive: Packed): Promise<Buffer> {
  const start = Math.max(0, archive.size - LONGEST_END);
  const tail = await slice(archive, start, archive.size - start);
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END);
  const at = tail.lastIndexOf(signature);
  if (at === -1) throw new Error("it has no directory");
  const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (offset === LIMIT_32 || size > LARGEST_DIRECTORY) throw tooLarge(archive.name);
  return await slice(archive, offset, size);
}

async function* contentOf(
  archive: Packed,
  method: number,
  packed: number,
  offset: number,
): AsyncGenerator<Uint8Array> {
  const header = await slice(archive, offset, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw new Error("a member is not where it should be");
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (packed === 0) return;
  const bytes = archive.open({ start, end: start + packed - 1 });
  if (method === 0) yield* bytes;
  else if (method === 8) yield* pipeline(bytes, createInflateRaw(), () => {});
  else throw new Error(`a member is packed by method ${method}`);
}

async function slice({ open }: Packed, start: number, length: number): Promise<Buffer> {
  const bytes =
    length === 0 ? Buffer.alloc(0) : await buffer(open({ start, end: start + length - 1 }));
  if (bytes.length === length) return bytes;
  throw new Error("it is cut short");
}

const tooLarge = (name: string): Problem =>
  new Problem("archive-large", `${name} is a zip64, which is not unpacked here`);
