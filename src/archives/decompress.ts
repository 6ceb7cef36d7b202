import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { damaged } from "./damaged.ts";

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
