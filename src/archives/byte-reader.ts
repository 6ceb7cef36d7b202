import { damaged } from "./damaged.ts";

/** Cuts a stream into pieces of the lengths that are asked for; throws a `Problem` where it is truncated. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  /** The next `length` bytes at once. */
  async piece(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of this.parts(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next `length` bytes as they come. */
  async *parts(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (await this.ended()) throw damaged("it is truncated");
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Whether nothing follows. */
  async ended(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return true;
      this.#rest = value;
    }
    return false;
  }

  /** Passes over what is left of some parts. */
  async skip(parts: AsyncGenerator<Uint8Array>): Promise<void> {
    while ((await parts.next()).done !== true);
  }

  /** Lets go of the stream, read to its end or not. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
