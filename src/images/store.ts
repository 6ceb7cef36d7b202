import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Files } from "../world/world.ts";
import type { Descriptor } from "./documents.ts";

/** The blobs of images under their digests, in a folder of this run's own. */
export class ImageStore {
  readonly #folder: string;
  readonly #files: Files;
  readonly #kept = new Set<string>();
  #parts = 0;

  constructor(folder: string, files: Files) {
    this.#folder = folder;
    this.#files = files;
  }

  /** Keeps a document. */
  async put(mediaType: string, text: string): Promise<Descriptor> {
    const bytes = Buffer.from(text);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    await this.#files.write(this.#path(digest), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** Keeps what `write` writes, under the digest that it gives. */
  async keep<T>(write: (out: Writable) => Promise<T>, digestOf: (made: T) => string): Promise<T> {
    this.#parts += 1;
    const part = join(this.#folder, `part-${this.#parts}`);
    await this.#files.makeFolder(this.#folder);
    const made = await write(this.#files.sink(part));
    const digest = digestOf(made);
    await this.#files.rename(part, this.#path(digest));
    this.#kept.add(digest);
    return made;
  }

  /** Whether it was kept. */
  has(digest: string): boolean {
    return this.#kept.has(digest);
  }

  open(digest: string, range?: { readonly start: number; readonly end: number }): Readable {
    return this.#files.source(this.#path(digest), range);
  }

  async text(digest: string): Promise<string> {
    return await this.#files.readText(this.#path(digest));
  }

  #path(digest: string): string {
    return join(this.#folder, digest.replace(":", "-"));
  }
}
