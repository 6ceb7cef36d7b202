import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Digest, digest } from "../checksums/digest.ts";
import { ALGORITHMS, type ChecksumAlgorithm } from "../model/algorithms.ts";
import { isReleased } from "../model/names.ts";
import { Problem } from "../model/problem.ts";
import type { Files } from "../world/world.ts";

/** The files of a release, wherever they lie. */
export interface ReleasedFiles {
  readonly names: readonly string[];
  /** What the release has besides, of which none of its lists and signatures speaks: it was not fetched. */
  readonly others?: readonly string[];
  /** A fresh stream over a file's bytes, or over some of them, both ends included. */
  open(name: string, range?: { readonly start: number; readonly end: number }): Readable;
}

/** The files at the top of a folder. Throws a `Problem` for a link: what it leads to is no part of the folder. */
export async function filesOfFolder(
  folder: string,
  files: Pick<Files, "list" | "source">,
): Promise<ReleasedFiles> {
  const entries = await files.list(folder);
  const link = entries.find(
    ({ name, kind }) => kind !== "file" && kind !== "folder" && isReleased(name),
  );
  if (link !== undefined) {
    throw new Problem("verify", `${join(folder, link.name)} is a link or a device, not a file`, {
      hint: "verify a folder that contains the files themselves",
    });
  }
  return {
    names: entries.filter(({ kind }) => kind === "file").map(({ name }) => name),
    open: (name, range) => files.source(join(folder, name), range),
  };
}

/** What a file is found to be; with digests of other algorithms where a list has such. */
export type Measured = Digest & { readonly [Name in ChecksumAlgorithm]?: string };

/** Reads every file once. */
export async function measure(
  names: readonly string[],
  files: ReleasedFiles,
  algorithms: ReadonlySet<ChecksumAlgorithm>,
): Promise<ReadonlyMap<string, Measured>> {
  const measured = new Map<string, Measured>();
  const wanted = ALGORITHMS.filter((one) => one === "sha256" || algorithms.has(one));
  for (const name of names) measured.set(name, await digest(() => files.open(name), wanted));
  return measured;
}

/** Bytes; the largest list or statement is far smaller. */
const LARGEST = 64 << 20;

/** A small file as text. Throws a `Problem` when it is not small. */
export async function readText(files: ReleasedFiles, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of files.open(name)) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) {
      throw new Problem(
        "verify",
        `${name} is larger than ${LARGEST >> 20} MiB, too large for its kind`,
        {
          hint: "do not use it",
        },
      );
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
