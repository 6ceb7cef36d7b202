import { createHash } from "node:crypto";
import type { Problem } from "../model/problem.ts";
import type { Digest } from "./digest.ts";

/** Counts what flows by and digests it. Beyond `limit` bytes it flows no longer: `excess` is thrown. */
export class DigestCounter {
  readonly #hash = createHash("sha256");
  readonly #limit: number;
  readonly #excess: () => Problem;
  #size = 0;

  constructor(limit: number, excess: () => Problem) {
    this.#limit = limit;
    this.#excess = excess;
  }

  async *over(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#size += chunk.length;
      if (this.#size > this.#limit) throw this.#excess();
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  /** Of everything that flowed by, asked for once, at the end. */
  digest(): Digest {
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }
}
