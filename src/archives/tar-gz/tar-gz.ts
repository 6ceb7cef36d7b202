import { pipeline } from "node:stream/promises";
import type { ArchiveFormat } from "../archive.ts";
import { tar } from "../tar.ts";
import { gzip } from "./gzip.ts";

export const tarGz: ArchiveFormat = {
  extension: ".tar.gz",
  check() {},
  async write(entries, date, out, signal) {
    await pipeline(gzip(tar(entries, date, signal)), out, { ...(signal && { signal }) });
  },
};
