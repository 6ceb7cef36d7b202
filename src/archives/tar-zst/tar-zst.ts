import type { Transform } from "node:stream";
import * as zlib from "node:zlib";
import { Problem } from "../../model/problem.ts";
import type { ArchiveFormat } from "../archive.ts";
import { expand } from "../decompress.ts";
import { plannedTar } from "../planned-tar.ts";
import { tar } from "../tar.ts";
import { untar } from "../untar.ts";
import { writeStream } from "../write-stream.ts";
import { assertOneFrame } from "./one-frame.ts";

/**
 * Needs the zstd that Node has since 22.15. Its bytes are those of that zstd's version
 * (`process.versions.zstd`): the same Node gives the same bytes, another may not.
 */
export const tarZst: ArchiveFormat = {
  extension: ".tar.zst",
  check() {
    compressor();
  },
  async write(entries, date, out, signal) {
    await writeStream(tar(entries, date, signal), [compressor()(OPTIONS)], out, signal);
  },
  read({ open }) {
    const expansion = expander()();
    return untar(expand(open(), expansion));
  },
  async *readPlanned(archive, planned, date) {
    const expansion = expander()();
    await assertOneFrame(archive.open());
    yield* plannedTar(expand(archive.open(), expansion), planned, date);
  },
};

interface ZstdOptions {
  readonly chunkSize: number;
  readonly params: Readonly<Record<number, number>>;
}

/** Numbers of `ZSTD_cParameter` in zstd.h. */
const COMPRESSION_LEVEL = 100;
const CHECKSUM_FLAG = 201;
const OPTIONS: ZstdOptions = {
  chunkSize: 64 * 1024,
  params: { [COMPRESSION_LEVEL]: 8, [CHECKSUM_FLAG]: 1 },
};

type Create = (options?: ZstdOptions) => Transform;

const native = zlib as { createZstdCompress?: Create; createZstdDecompress?: Create };

function compressor(): Create {
  return native.createZstdCompress ?? refuse("write", OTHERWISE);
}
function expander(): Create {
  return native.createZstdDecompress ?? refuse("read", "");
}

const OTHERWISE = " (on GitHub: `node24`), or set `archive: tar.gz`";

function refuse(to: string, otherwise: string): never {
  throw new Problem("archive-unsupported", `Node ${process.versions.node} cannot ${to} tar.zst`, {
    hint: `run with Node 22.15 or later${otherwise}`,
  });
}
