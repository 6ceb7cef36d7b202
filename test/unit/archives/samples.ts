import { createHash } from "node:crypto";
import { Readable, Writable } from "node:stream";
import type { ArchiveFormat, Entry, StoredArchive } from "../../../src/archives/archive.ts";

export function entry(name: string, content: string | Uint8Array, executable = false): Entry {
  return {
    name,
    size: Buffer.byteLength(content),
    executable,
    open: () => Readable.from([Buffer.from(content)]),
  };
}

/** `size` bytes that cost no memory, e.g. a 5 GiB file of zeros. */
export function sparse(name: string, size: number): Entry {
  return {
    name,
    size,
    executable: false,
    open: () => Readable.from(zeros(size), { objectMode: false }),
  };
}

function* zeros(size: number): Generator<Buffer> {
  const block = Buffer.alloc(1024 * 1024);
  for (let left = size; left > 0; left -= block.length) yield block.subarray(0, left);
}

/** Bytes that look random and are always the same. */
export function noise(size: number): Buffer {
  const parts: Buffer[] = [];
  for (let index = 0; index * 32 < size; index++)
    parts.push(createHash("sha256").update(String(index)).digest());
  return Buffer.concat(parts).subarray(0, size);
}

/** A small release with everything that is hard about names and sizes. */
export const SAMPLE: readonly Entry[] = [
  entry("hello", noise(200_000), true),
  entry("README.md", "# hello\n".repeat(5_000)),
  entry("LICENSE", ""),
  entry("docs/grüße-日本語-🙂.txt", "hello, world\n"),
  entry("Zebra", "sorted before the lower case\n"),
  entry(`${"deep/".repeat(30)}file`, "155 bytes: a ustar prefix\n"),
  entry(`${"x".repeat(120)}.txt`, "a part of 124 bytes: pax\n"),
  entry(`${"longer/".repeat(40)}${"ü".repeat(100)}`, "480 bytes: pax\n"),
  entry("blocks/511", "a".repeat(511)),
  entry("blocks/512", "b".repeat(512)),
  entry("blocks/513", "c".repeat(513)),
  entry("blocks/65536", noise(65_536)),
];

export const DATE = new Date("2024-02-29T12:34:57Z");

export async function pack(
  format: ArchiveFormat,
  entries: readonly Entry[] = SAMPLE,
  date = DATE,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  await format.write(entries, date, out);
  return Buffer.concat(chunks);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function bytesOf(entry: Entry): Promise<Buffer> {
  return Buffer.concat(await entry.open().toArray());
}

export function inMemory(bytes: Buffer): StoredArchive {
  return {
    size: bytes.length,
    open: (range) =>
      Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)]),
  };
}

/** Names and digests of the files in an archive. */
export async function unpack(
  format: Pick<ArchiveFormat, "read">,
  bytes: Buffer,
): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { name, content } of format.read(inMemory(bytes))) {
    const parts: Uint8Array[] = [];
    for await (const one of content) parts.push(one);
    found.push([name, sha256(Buffer.concat(parts))]);
  }
  return found;
}
