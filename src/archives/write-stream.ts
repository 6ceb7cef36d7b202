import { Readable, type Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Writes the chunks to `out` and ends it; destroys everything when one of them fails. An abort
 * rejects with the signal's reason, which Node's pipeline would wrap in one way or another.
 */
export async function writeStream(
  chunks: AsyncIterable<Uint8Array>,
  through: readonly Transform[],
  out: Writable,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const source = Readable.from(chunks, { objectMode: false });
    await pipeline([source, ...through, out], { ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
