import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Algorithm, Digest } from "../checksums/digest.ts";
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
export type Measured = Digest<Algorithm>;

/** A small file as text. */
export async function readText(files: ReleasedFiles, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of files.open(name)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
