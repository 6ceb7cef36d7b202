import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { Problem } from "../../model/problem.ts";
import { tarMembers } from "./tar.ts";
import { zipMembers } from "./zip.ts";

/** A file that can be read from any place. */
export interface Packed {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Both ends are included, as in HTTP and `createReadStream`. */
  readonly open: (range?: { readonly start: number; readonly end: number }) => Readable;
}

/** A file inside an archive, which is read before the next one is asked for. */
export interface Member {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What was found in an archive: a member's path and the sha256 of its bytes. */
export interface Content {
  readonly name: string;
  readonly sha256: string;
}

/**
 * Shows each file of an archive, whoever packed it; false when it is of no format that can be read here.
 * Streams. Throws a `Problem` when the archive is damaged.
 */
export async function eachMember(
  archive: Packed,
  visit: (member: Member) => Promise<void>,
): Promise<boolean> {
  const read = readerOf(archive);
  if (read === undefined) return false;
  try {
    await read(async (members) => {
      for await (const member of members) await visit(member);
    });
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("archive-damaged", `${archive.name} cannot be unpacked`, { cause });
  }
  return true;
}

/** The digests of those members that are `wanted`; undefined for what is no archive. */
export async function contentsOf(
  archive: Packed,
  wanted: (name: string) => boolean,
): Promise<readonly Content[] | undefined> {
  const found: Content[] = [];
  const isArchive = await eachMember(archive, async ({ name, bytes }) => {
    if (!wanted(name)) return;
    const hash = createHash("sha256");
    for await (const chunk of bytes) hash.update(chunk);
    found.push({ name, sha256: hash.digest("hex") });
  });
  return isArchive ? found : undefined;
}

type Reader = (use: (members: AsyncIterable<Member>) => Promise<void>) => Promise<void>;

function readerOf(archive: Packed): Reader | undefined {
  const { name, open } = archive;
  if (name.endsWith(".zip")) return (use) => use(zipMembers(archive));
  const unpacked = /\.(tar\.gz|tgz)$/u.test(name)
    ? zlib.createGunzip
    : name.endsWith(".tar.zst")
      ? (zlib as { createZstdDecompress?: typeof zlib.createGunzip }).createZstdDecompress
      : undefined;
  if (unpacked === undefined) return undefined;
  return (use) => pipeline(open(), unpacked(), (bytes) => use(tarMembers(bytes)));
}
