import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createDeflateRaw, deflateRawSync } from "node:zlib";

/** Level 6 packs Go binaries within 0.5 % of level 9, at three times its speed. */
const LEVEL = 6;
/** Bytes handed over at a time, however the source cuts them: compressors may let it show. */
const BLOCK = 64 * 1024;

/**
 * Raw deflate (RFC 1951) with one answer for one input, whatever Node this is: the bytes that the
 * zlib of nodejs.org's builds and pako, its port to JavaScript, agree on. Node 20.0 hashes otherwise,
 * and Nodes of Linux distributions and Homebrew link the system's zlib or zlib-ng: those are found
 * by a known answer, and there pako does the work.
 */
export async function* deflate(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* nativeIsCanonical() ? nativeDeflate(bytes) : portableDeflate(bytes);
}

/** Node's zlib: runs in libuv's pool, so several at a time and beside everything else. */
export async function* nativeDeflate(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zlib = createDeflateRaw({ level: LEVEL, chunkSize: BLOCK });
  const feeding = pipeline(blocks(bytes), zlib);
  // Its failure destroys `zlib` with the same error, which the loop below throws.
  feeding.catch(() => {});
  yield* zlib as AsyncIterable<Uint8Array>;
  await feeding;
}

/** Two to three times slower, and on the main thread: a block at a time, events in between. */
export async function* portableDeflate(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { Deflate } = await import("pako");
  const zlib = new Deflate({ level: LEVEL, raw: true, chunkSize: BLOCK });
  let ready: Uint8Array[] = [];
  zlib.onData = (chunk) => void ready.push(chunk);
  for await (const block of blocks(bytes)) {
    zlib.push(block, false);
    yield* ready;
    ready = [];
    await new Promise((resume) => setImmediate(resume));
  }
  zlib.push(new Uint8Array(0), true);
  yield* ready;
}

async function* blocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafe(BLOCK);
  let filled = 0;
  for await (const chunk of bytes)
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + BLOCK - filled);
      block.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < BLOCK) continue;
      yield block;
      block = Buffer.allocUnsafe(BLOCK);
      filled = 0;
    }
  if (filled > 0) yield block.subarray(0, filled);
}

let canonical: boolean | undefined;

/** Whether this Node's zlib gives the known answer; asked once, some 10 ms. */
export function nativeIsCanonical(): boolean {
  canonical ??= digestOf(deflateRawSync(probe(), { level: LEVEL })) === KNOWN_ANSWER;
  return canonical;
}

function digestOf(bytes: Uint8Array) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 of the probe, deflated by pako 3.0.3 and by nodejs.org's Node 20.20 to 26.10. */
const KNOWN_ANSWER = "ed0c50f5c000c619b85417828826367babc43d0238a3ae7542b42cd947183b4b";

/**
 * Bytes that meet every choice a deflater has: literals and matches of all lengths and distances,
 * short ones far away, lazy matching, long hash chains, a window that slides, blocks of all kinds.
 */
export function probe(): Uint8Array {
  const bytes = new Uint8Array(256 * 1024);
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + below(1 + below(300)));
    const alphabet = 1 << below(9);
    const distance = 1 + below(Math.min(at + 1, 1 << (1 + below(16))));
    const fresh = at < distance || below(4) === 0;
    for (; at < end; at++) bytes[at] = fresh ? below(alphabet) : (bytes[at - distance] as number);
  }
  return bytes;
}
