import { createGunzip } from "node:zlib";
import type { ArchiveFormat } from "../archive.ts";
import { content } from "../content.ts";
import { expand } from "../decompress.ts";
import { gzip } from "../tar-gz/gzip.ts";
import { plannedGzip } from "../tar-gz/planned-gzip.ts";
import { writeStream } from "../write-stream.ts";

/** One program, compressed by itself (RFC 1952). It carries no name: whoever reads it knows what it is. */
export const gz: ArchiveFormat = {
  extension: ".gz",
  check() {},
  async write(entries, _date, out, signal) {
    const [only, ...more] = entries;
    if (only === undefined || more.length > 0) throw new Error("a .gz holds one program");
    await writeStream(gzip(content(only, signal)), [], out, signal);
  },
  async *read({ open }) {
    yield { name: "", content: expand(open(), createGunzip()) };
  },
  async *readPlanned(archive, planned) {
    yield { name: planned[0]?.name ?? "", content: plannedGzip(archive) };
  },
};
