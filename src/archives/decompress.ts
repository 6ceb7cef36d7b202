import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { damaged, unplanned } from "./damaged.ts";

/** What a decompressor makes of a stream; bytes that it does not understand are a `Problem`. */
export async function* expand(packed: Readable, through: Transform): AsyncGenerator<Uint8Array> {
  const feeding = pipeline(packed, through);
  // Its failure destroys `through` with the same error, which the loop below throws.
  feeding.catch(() => {});
  try {
    yield* through as AsyncIterable<Uint8Array>;
    await feeding;
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    throw /^Z(STD)?_/u.test(code) ? damaged(message, cause) : cause;
  }
}

/** The same of raw deflate (RFC 1951) that fills its `length` bytes: there is nothing behind its end. */
export async function* inflateWhole(packed: Readable, length: number): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  yield* expand(packed, inflate);
  if (inflate.bytesWritten !== length) throw unplanned("there is trailing data after the archive");
}
