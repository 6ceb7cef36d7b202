import { createHash } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { World } from "../world/world.ts";

/** A body that is longer than anything that can be meant. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  /** Bytes. */
  readonly most: number;

  constructor(most: number) {
    super(`more than ${most} bytes`);
    this.most = most;
  }
}

/** How much of a body is taken. */
export interface Bounds extends Pick<World, "clock"> {
  /** Bytes. */
  readonly most: number;
  /** Milliseconds (default an hour): a server that says a byte now and then is as good as silent. */
  readonly within?: number;
}

const HOUR = 3_600_000;

/** The chunks of a body. Throws `TooLarge`, and reads no more, when there are more; also when time is up. */
async function* bounded(
  body: Readable,
  { most, clock, within = HOUR }: Bounds,
): AsyncGenerator<Buffer> {
  const end = clock.now() + within;
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new TooLarge(most);
    if (clock.now() > end) throw new Error("the answer does not end");
    yield chunk;
  }
}

/** All bytes of a body; for small ones. */
export async function bytesUpTo(body: Readable, bounds: Bounds): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bounded(body, bounds)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The digest of a body, in lower-case hex. */
export async function sha256UpTo(body: Readable, bounds: Bounds): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bounded(body, bounds)) hash.update(chunk);
  return hash.digest("hex");
}

/** Writes a body away as it comes. */
export async function saveUpTo(body: Readable, sink: Writable, bounds: Bounds): Promise<void> {
  await pipeline(body, (chunks: Readable) => bounded(chunks, bounds), sink);
}

/** Undefined for what is too large. */
export async function orTooLarge<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Drops a body; what is destroyed before its end says so as an error, which nobody needs to hear. */
export function discard(body: Readable): void {
  body.on("error", () => {}).destroy();
}
