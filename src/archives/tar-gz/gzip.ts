import { CrcCounter } from "../crc-counter.ts";
import { deflate } from "../deflate.ts";

/** RFC 1952 §2.3: deflate, no flags, no time, no name, an unknown system. */
export const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** One gzip member that says nothing of the machine or the moment it was made. */
export async function* gzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const plain = new CrcCounter();
  yield HEADER;
  yield* deflate(plain.over(bytes));
  yield trailer(plain);
}

/** What ends a member (RFC 1952 §2.3.1). */
export function trailer({ crc, size }: CrcCounter): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}
