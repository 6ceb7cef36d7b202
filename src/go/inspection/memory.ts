import { type ByteOrder, Fields } from "./fields.ts";
import type { BinarySource } from "./source.ts";

/** A piece of the file and the address the loader puts it at. */
export interface Segment {
  readonly address: number;
  /** Offset in the file. */
  readonly position: number;
  /** Bytes in the file; what the loader fills with zeros is left out. */
  readonly size: number;
}

/** Longer than any path a loader accepts (PATH_MAX is 4096). */
const LONGEST_NAME = 4096;

/** A program as its loader lays it out, read from the file. */
export class Memory {
  readonly #source: BinarySource;
  readonly #segments: readonly Segment[];

  constructor(source: BinarySource, segments: readonly Segment[]) {
    this.#source = source;
    this.#segments = segments
      .filter(({ size }) => size > 0)
      .sort((one, other) => one.address - other.address);
  }

  /** Exactly `length` bytes; a `Problem` where the file has none for this address. */
  async read(address: number, length: number, part: string): Promise<Uint8Array> {
    const { position, size } = this.#at(address, part);
    if (length > size) throw this.#source.refuse(`${part} runs past the end of its segment`);
    return this.#source.read(position, length, part);
  }

  async fields(address: number, length: number, order: ByteOrder, part: string): Promise<Fields> {
    const bytes = await this.read(address, length, part);
    return new Fields(bytes, order, (fault) => this.#source.refuse(`${part} ${fault}`));
  }

  /** At most `length` bytes, fewer where the segment ends. */
  async readSome(address: number, length: number, part: string): Promise<Uint8Array> {
    const { position, size } = this.#at(address, part);
    return this.#source.read(position, Math.min(length, size), part);
  }

  /** The name that ends at the first NUL. */
  async text(address: number, part: string): Promise<string> {
    const { position, size } = this.#at(address, part);
    const anyOrder: ByteOrder = { endian: "little", word: 8 };
    const length = Math.min(LONGEST_NAME, size, this.#source.size - position);
    return (await this.#source.fields(position, length, anyOrder, part)).text(0);
  }

  #at(address: number, part: string): { position: number; size: number } {
    const segment = this.#last(address);
    const start = segment === undefined ? 0 : address - segment.address;
    if (segment !== undefined && start < segment.size) {
      return { position: segment.position + start, size: segment.size - start };
    }
    throw this.#source.refuse(`${part} is at an address that the file does not fill`);
  }

  /** The last segment that begins at the address or before it; WebAssembly has tens of thousands. */
  #last(address: number): Segment | undefined {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.address ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return this.#segments[low - 1];
  }
}
