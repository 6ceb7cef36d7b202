import { createGunzip } from "node:zlib";
import type { ArchiveFormat } from "../archive.ts";
import { expand } from "../decompress.ts";
import { plannedTar } from "../planned-tar.ts";
import { tar } from "../tar.ts";
import { untar } from "../untar.ts";
import { writeStream } from "../write-stream.ts";
import { gzip } from "./gzip.ts";
import { plannedGzip } from "./planned-gzip.ts";

export const tarGz: ArchiveFormat = {
  extension: ".tar.gz",
  check() {},
  write: (entries, date, out, signal) =>
    writeStream(gzip(tar(entries, date, signal)), [], out, signal),
  read: ({ open }) => untar(expand(open(), createGunzip())),
  readPlanned: (archive, planned, date) => plannedTar(plannedGzip(archive), planned, date),
};
