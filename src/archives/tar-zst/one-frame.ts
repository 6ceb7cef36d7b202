import { ByteReader } from "../byte-reader.ts";
import { unplanned } from "../damaged.ts";

/** Of a frame (RFC 8878 §3.1.1). */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const RUN_OF_ONE_BYTE = 1;

/** A frame of no bytes, which Node's encoder adds when it is ended after all was written. */
const EMPTY = Buffer.from("28b52ffd240001000099e9d851", "hex");

/** Passes over a frame: there is one, and nothing before or behind it that a decompressor may or may not skip. */
export async function assertOneFrame(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const reader = new ByteReader(bytes);
  try {
    if (!(await reader.piece(MAGIC.length)).equals(MAGIC))
      throw unplanned("it does not start with a zstd frame");
    const checksum = await passHeader(reader);
    while (!(await passBlock(reader)));
    await reader.piece(checksum);
    if (await reader.ended()) return;
    if (!(await reader.piece(EMPTY.length)).equals(EMPTY) || !(await reader.ended()))
      throw unplanned("there is trailing data after the archive");
  } finally {
    await reader.close();
  }
}

/** RFC 8878 §3.1.1.1; gives the bytes of the checksum that ends the frame. */
async function passHeader(reader: ByteReader): Promise<number> {
  const descriptor = (await reader.piece(1)).readUInt8();
  const single = (descriptor & 0x20) !== 0;
  const window = single ? 0 : 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  await reader.piece(window + dictionary + size);
  return (descriptor & 4) === 0 ? 0 : 4;
}

/** RFC 8878 §3.1.1.2; whether it is the last. */
async function passBlock(reader: ByteReader): Promise<boolean> {
  const header = (await reader.piece(3)).readUIntLE(0, 3);
  const length = ((header >> 1) & 3) === RUN_OF_ONE_BYTE ? 1 : header >> 3;
  await reader.skip(reader.parts(length));
  return (header & 1) === 1;
}
