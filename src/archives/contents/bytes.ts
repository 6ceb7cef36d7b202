/** Reads a stream piece by piece. */
export class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next bytes, as they come. Throws when the stream ends before them. */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done === true) throw new Error(`it ends ${left} bytes too early`);
        this.#rest = value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** The next bytes in one piece. */
  async read(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pass(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.pass(length));
  }
}
