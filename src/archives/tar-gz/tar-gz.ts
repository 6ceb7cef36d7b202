import { createGunzip } from "node:zlib";
import type { ArchiveFormat } from "../archive.ts";
import { expand } from "../decompress.ts";
import { tar } from "../tar.ts";
import { untar } from "../untar.ts";
import { writeStream } from "../write-stream.ts";
import { gzip } from "./gzip.ts";

export const tarGz: ArchiveFormat = {
  extension: ".tar.gz",
  check() {},
  write: (entries, date, out, signal) =>
    writeStream(gzip(tar(entries, date, signal)), [], out, signal),
  read: ({ open }) => untar(expand(open(), createGunzip())),
};
