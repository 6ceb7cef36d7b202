import { Problem } from "../../model/problem.ts";
import type { OpenFile } from "../../world/world.ts";
import { type ByteOrder, Fields } from "./fields.ts";

/** What is read at once, so that neighbouring fields cost one read. */
const WINDOW = 64 * 1024;

/** No single thing read here is longer; Kubernetes' module list has 30 KB. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Random access to a file that is not trusted. Every read is bounded: what claims to be too long or
 * lies outside the file is a `Problem` that names the file and the part of it.
 */
export class BinarySource {
  readonly size: number;
  readonly #file: OpenFile;
  readonly #name: string;
  #window: { readonly position: number; readonly bytes: Uint8Array } = {
    position: 0,
    bytes: new Uint8Array(),
  };

  constructor(file: OpenFile, name: string) {
    this.#file = file;
    this.#name = name;
    this.size = file.size;
  }

  /** The `Problem` to throw; `fault` continues "age: …". */
  refuse(fault: string, hint?: string): Problem {
    return new Problem("binary-unreadable", `${this.#name}: ${fault}`, {
      hint: hint ?? "build it again with `go build`; a binary is released as the compiler wrote it",
    });
  }

  async read(position: number, length: number, part: string): Promise<Uint8Array> {
    if (length > LONGEST) throw this.refuse(`${part} claims ${length} bytes`);
    if (position + length > this.size) throw this.refuse(`${part} lies past the end of the file`);
    const held = this.#held(position, length);
    if (held !== undefined) return held;
    const wanted = Math.min(Math.max(length, WINDOW), this.size - position);
    const bytes = await this.#file.read(position, wanted);
    if (bytes.length < length) throw this.refuse(`${part} ends early`);
    this.#window = { position, bytes };
    return bytes.subarray(0, length);
  }

  async fields(position: number, length: number, order: ByteOrder, part: string): Promise<Fields> {
    const bytes = await this.read(position, length, part);
    return new Fields(bytes, order, (fault) => this.refuse(`${part} ${fault}`));
  }

  #held(position: number, length: number): Uint8Array | undefined {
    const start = position - this.#window.position;
    if (start < 0 || start + length > this.#window.bytes.length) return undefined;
    return this.#window.bytes.subarray(start, start + length);
  }
}
