import { createHash, type Hash } from "node:crypto";
import type { Files } from "../world/world.ts";
import { isPointer, LONGEST_POINTER } from "./lfs.ts";

/** What lies at a path, links followed. */
export interface Content {
  readonly size: number;
  /** The hash that git would give it as a blob, without any filter. */
  readonly blob: string;
  /** Whether it stands for a file that Git LFS keeps elsewhere. */
  readonly pointer: boolean;
}

/** A repository's object format: it is told by the length of its hashes. */
export type ObjectFormat = "sha1" | "sha256";

export function formatOf(hash: string): ObjectFormat {
  return hash.length === 64 ? "sha256" : "sha1";
}

/** What is longer is read in pieces. */
const WHOLE = 4 * 1024 * 1024;

/** Undefined where there is no file. */
export async function contentOf(
  path: string,
  format: ObjectFormat,
  files: Pick<Files, "stat" | "read" | "source">,
): Promise<Content | undefined> {
  const found = await files.stat(path);
  if (found?.kind !== "file") return undefined;
  if (found.size > WHOLE) {
    const hash = begun(found.size, format);
    for await (const chunk of files.source(path)) hash.update(chunk as Uint8Array);
    return { size: found.size, blob: hash.digest("hex"), pointer: false };
  }
  const bytes = await files.read(path);
  const pointer = bytes.length <= LONGEST_POINTER && isPointer(bytes.toString("latin1"));
  return { size: bytes.length, blob: blobHash(bytes, format), pointer };
}

/** As git names a blob (git-hash-object(1)): its kind and size stand before its bytes. */
export function blobHash(bytes: Uint8Array, format: ObjectFormat): string {
  return begun(bytes.length, format).update(bytes).digest("hex");
}

function begun(size: number, format: ObjectFormat): Hash {
  return createHash(format).update(`blob ${size}\0`);
}
