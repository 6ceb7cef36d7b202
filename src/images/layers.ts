import { createHash } from "node:crypto";
import type { Writable } from "node:stream";
import type { Entry } from "../archives/archive.ts";
import { content } from "../archives/content.ts";
import { sortedEntries } from "../archives/sorted-entries.ts";
import { BLOCK, paddingOf, tarFolder, tarHeaders, tarSeconds } from "../archives/tar.ts";
import { gzip } from "../archives/tar-gz/gzip.ts";
import { writeStream } from "../archives/write-stream.ts";
import { type Layer, mediaTypes } from "./documents.ts";

/** What a layer holds. */
export interface LayerContents {
  readonly entries: readonly Entry[];
  /** Folders besides those that the entries lie in, and their permissions. */
  readonly folders?: Readonly<Record<string, number>>;
  readonly comment: string;
}

/**
 * Writes a layer to `out` and ends it: every folder before what lies in it, everything the administrator's and of
 * `date` (OCI image specification, "Image Layer Filesystem Changeset").
 */
export async function writeLayer(
  { entries, folders = {}, comment }: LayerContents,
  date: Date,
  out: Writable,
  signal?: AbortSignal,
): Promise<Layer> {
  const plain = createHash("sha256");
  const packed = createHash("sha256");
  let size = 0;
  const tar = observed(layerTar(entries, folders, date, signal), (chunk) => plain.update(chunk));
  const bytes = observed(gzip(tar), (chunk) => {
    packed.update(chunk);
    size += chunk.length;
  });
  await writeStream(bytes, [], out, signal);
  const digest = `sha256:${packed.digest("hex")}`;
  return {
    descriptor: { mediaType: mediaTypes.layer, digest, size },
    diffId: `sha256:${plain.digest("hex")}`,
    comment,
  };
}

async function* observed(
  chunks: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

async function* layerTar(
  entries: readonly Entry[],
  folders: Readonly<Record<string, number>>,
  date: Date,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const mtime = tarSeconds(date);
  const sorted = sortedEntries(entries);
  const around = sorted.flatMap(({ name }) => foldersAround(name));
  // Runtimes give a folder that no layer names permissions of their own, which may keep a user out.
  for (const folder of [...new Set([...around, ...Object.keys(folders)])].sort())
    yield tarFolder(folder, folders[folder] ?? 0o755, mtime);
  for (const entry of sorted) {
    yield* tarHeaders(entry, mtime);
    yield* content(entry, signal);
    yield Buffer.alloc(paddingOf(entry.size));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** `a` and `a/b` of `a/b/c`. */
function foldersAround(name: string): readonly string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join("/"));
}
