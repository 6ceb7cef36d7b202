import type { Readable } from "node:stream";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import type { StoredArchive, Unpacked } from "../archive.ts";
import { damaged } from "../damaged.ts";

/** The files of a ZIP (PKWARE's APPNOTE 6.3.10), found through its central directory. */
export async function* unzip(archive: StoredArchive): AsyncGenerator<Unpacked> {
  const options = { decodeStrings: false, autoClose: false } as const;
  const zip = await told(
    yauzl.fromRandomAccessReaderPromise(new Ranges(archive), archive.size, options),
  );
  const entries = zip.eachEntry();
  for (
    let next = await told(entries.next());
    next.done !== true;
    next = await told(entries.next())
  ) {
    const name = String(next.value.fileNameRaw);
    if (!name.endsWith("/")) yield { name, content: content(zip, next.value) };
  }
}

async function* content(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const bytes = await told(zip.openReadStreamPromise(entry));
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (let next = await told(chunks.next()); next.done !== true; next = await told(chunks.next()))
      yield next.value;
  } finally {
    bytes.destroy();
  }
}

/** yauzl's way to bytes that lie anywhere. */
class Ranges extends yauzl.RandomAccessReader {
  readonly #archive: StoredArchive;

  constructor(archive: StoredArchive) {
    super();
    this.#archive = archive;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#archive.open({ start, end: end - 1 });
  }
}

/** What is wrong with an archive, told by yauzl and zlib; a disk's failure stays what it is. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const { code = "Z_", message } = cause as NodeJS.ErrnoException;
    throw code.startsWith("Z_") ? damaged(message, cause) : cause;
  }
}
