import type { ArchiveFormat } from "../archive.ts";
import { send } from "../send.ts";
import { tar } from "../tar.ts";
import { gzip } from "./gzip.ts";

export const tarGz: ArchiveFormat = {
  extension: ".tar.gz",
  check() {},
  write: (entries, date, out, signal) => send(gzip(tar(entries, date, signal)), [], out, signal),
};
