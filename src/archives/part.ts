import { buffer } from "node:stream/consumers";
import type { StoredArchive } from "./archive.ts";
import { damaged } from "./damaged.ts";

/** Some bytes of an archive. Throws a `Problem` where it does not have them. */
export async function part(archive: StoredArchive, start: number, length: number): Promise<Buffer> {
  if (start < 0 || start + length > archive.size) throw damaged("it is truncated");
  return length === 0
    ? Buffer.alloc(0)
    : await buffer(archive.open({ start, end: start + length - 1 }));
}
