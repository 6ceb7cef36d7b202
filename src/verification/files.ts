import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Files } from "../world/world.ts";

/** The files of a release, wherever they lie. */
export interface ReleasedFiles {
  readonly names: readonly string[];
  /** A fresh stream over a file's bytes. */
  open(name: string): Readable;
}

/** The files at the top of a folder. */
export async function filesOfFolder(
  folder: string,
  files: Pick<Files, "list" | "source">,
): Promise<ReleasedFiles> {
  const entries = await files.list(folder);
  return {
    names: entries.filter(({ kind }) => kind === "file").map(({ name }) => name),
    open: (name) => files.source(join(folder, name)),
  };
}

/** What a file is found to be. */
export interface Measured {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sha512: string;
}

export async function measure(open: () => Readable): Promise<Measured> {
  const [sha256, sha512] = [createHash("sha256"), createHash("sha512")];
  let size = 0;
  for await (const chunk of open()) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    sha256.update(bytes);
    sha512.update(bytes);
  }
  return { size, sha256: sha256.digest("hex"), sha512: sha512.digest("hex") };
}

/** A small file as text. */
export async function readText(files: ReleasedFiles, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of files.open(name)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
