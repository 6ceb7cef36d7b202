import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** Bytes; far more than any signature has, for nothing else is recalled. */
export const MOST_RECALLED = 4 * 2 ** 20;

/** The digest of a stored file where the forge tells none, in lower-case hex. */
export async function sha256Of(bytes: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest("hex");
}

/** All bytes of a stream; undefined, and no more is read, when there are more than `most`. */
export async function bytesUpTo(bytes: Readable, most: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
