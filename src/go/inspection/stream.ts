import type { BinarySource } from "./source.ts";

/** Five bytes hold 32 bits of LEB128. */
const LONGEST_LEB = 5;

/** Go's longest is an import's, well below. */
const LONGEST_NAME = 4096;

/** Reads a file from front to back, number by number. */
export class NumberReader {
  #position: number;
  readonly #source: BinarySource;
  readonly #part: string;

  constructor(source: BinarySource, position: number, part: string) {
    this.#source = source;
    this.#position = position;
    this.#part = part;
  }

  get position(): number {
    return this.#position;
  }

  moveTo(position: number): void {
    this.#position = position;
  }

  async u8(): Promise<number> {
    const [byte = 0] = await this.#source.read(this.#position++, 1, this.#part);
    return byte;
  }

  /** Little-endian. */
  async u32(): Promise<number> {
    const bytes = await this.#source.read(this.#position, 4, this.#part);
    this.#position += 4;
    return Buffer.from(bytes).readUInt32LE();
  }

  /** A LEB128 number of 32 bits, read as unsigned. */
  async uleb(): Promise<number> {
    let value = 0;
    for (let index = 0; index < LONGEST_LEB; index++) {
      const byte = await this.u8();
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) return value >>> 0;
    }
    throw this.#source.refuse(`${this.#part} holds a number without an end`);
  }

  /** UTF-8, preceded by its length. */
  async name(): Promise<string> {
    const length = await this.uleb();
    if (length > LONGEST_NAME) {
      throw this.#source.refuse(`${this.#part} holds a name of ${length} bytes`);
    }
    const bytes = await this.#source.read(this.#position, length, this.#part);
    this.#position += length;
    return Buffer.from(bytes).toString("utf8");
  }
}
