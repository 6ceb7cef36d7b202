import type { ArchiveFormatName } from "../model/archive-format.ts";
import type { ArchiveFormat } from "./archive.ts";
import { gz } from "./gz/gz.ts";
import { tarGz } from "./tar-gz/tar-gz.ts";
import { tarZst } from "./tar-zst/tar-zst.ts";
import { zip } from "./zip/zip.ts";

/** Every archive format; `none` releases bare binaries. */
export const archives = {
  "tar.gz": tarGz,
  "tar.zst": tarZst,
  zip,
} satisfies Record<Exclude<ArchiveFormatName, "none" | "gz">, ArchiveFormat>;

/** The same, and a program that is compressed by itself; the last one because `.tar.gz` ends like it. */
export const formats = { ...archives, gz } satisfies Record<
  Exclude<ArchiveFormatName, "none">,
  ArchiveFormat
>;

/** The format of a file by its name; undefined for what is no archive. */
export function formatOf(name: string): ArchiveFormat | undefined {
  return Object.values(formats).find(({ extension }) => name.endsWith(extension));
}
