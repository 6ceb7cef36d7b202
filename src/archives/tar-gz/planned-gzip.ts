import type { StoredArchive } from "../archive.ts";
import { CrcCounter } from "../crc-counter.ts";
import { damaged, unplanned } from "../damaged.ts";
import { inflateWhole } from "../decompress.ts";
import { part } from "../part.ts";
import { HEADER, trailer } from "./gzip.ts";

/** Bytes (RFC 1952 §2.3.1). */
const TRAILER = 8;

/** What is in the one member that `gzip` writes: no other header, no second member, nothing behind its end. */
export async function* plannedGzip(archive: StoredArchive): AsyncGenerator<Uint8Array> {
  const packed = archive.size - HEADER.length - TRAILER;
  if (packed <= 0) throw damaged("it is truncated");
  const header = await part(archive, 0, HEADER.length);
  if (!header.equals(HEADER)) throw unplanned("its gzip header is not the one this program writes");
  const plain = new CrcCounter();
  const [start, end] = [HEADER.length, HEADER.length + packed - 1];
  yield* plain.over(inflateWhole(archive.open({ start, end }), packed));
  if (!(await part(archive, end + 1, TRAILER)).equals(trailer(plain)))
    throw damaged("its checksum does not match");
}
