import type { Problem } from "../../model/problem.ts";
import { isPrintable } from "./printable.ts";

export interface ByteOrder {
  readonly endian: "little" | "big";
  /** Bytes of an address. */
  readonly word: 4 | 8;
}

/** Numbers and names inside some bytes; reading outside of them is a `Problem`, never a RangeError. */
export class Fields {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  readonly #word: 4 | 8;
  readonly #refuse: (fault: string) => Problem;

  constructor(bytes: Uint8Array, order: ByteOrder, refuse: (fault: string) => Problem) {
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = order.endian === "little";
    this.#word = order.word;
    this.#refuse = refuse;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#within(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#within(at, 2), this.#little);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#within(at, 4), this.#little);
  }

  u64(at: number): number {
    const value = Number(this.#view.getBigUint64(this.#within(at, 8), this.#little));
    if (!Number.isSafeInteger(value)) throw this.#refuse(`holds an impossible number, ${value}`);
    return value;
  }

  /** An address, offset or size as wide as the file's class. */
  word(at: number): number {
    return this.#word === 8 ? this.u64(at) : this.u32(at);
  }

  /** A name that ends at the first NUL; only a name that fills a fixed field (`whole`) may lack it. */
  text(at: number, longest = this.length - at, whole = false): string {
    const field = this.#bytes.subarray(this.#within(at, 0), Math.min(at + longest, this.length));
    const end = field.indexOf(0);
    if (end < 0 && !whole) throw this.#refuse("holds a name without an end");
    const text = Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
    if (!isPrintable(text)) throw this.#refuse("holds a name with control characters");
    return text;
  }

  /** Whether the ASCII text stands at this place. */
  matches(at: number, text: string): boolean {
    return Buffer.from(text, "ascii").equals(this.#bytes.subarray(at, at + text.length));
  }

  #within(at: number, length: number): number {
    if (at < 0 || at + length > this.length) throw this.#refuse("is cut short");
    return at;
  }
}
