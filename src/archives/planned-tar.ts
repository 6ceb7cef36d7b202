import type { PlannedEntry, Unpacked } from "./archive.ts";
import { ByteReader } from "./byte-reader.ts";
import { damaged, unplanned } from "./damaged.ts";
import { byName } from "./sorted-entries.ts";
import { BLOCK, paddingOf, tarHeaders, tarSeconds } from "./tar.ts";
import { octalIn, pathIn } from "./untar.ts";

/** The files of a tar that has to be what `tar` writes of the planned ones: only their sizes are believed. */
export async function* plannedTar(
  bytes: AsyncIterable<Uint8Array>,
  planned: readonly PlannedEntry[],
  date: Date,
): AsyncGenerator<Unpacked> {
  const reader = new ByteReader(bytes);
  const mtime = tarSeconds(date);
  try {
    for (const entry of byName(planned)) yield* entryAsPlanned(entry, mtime, reader);
    const end = await reader.piece(2 * BLOCK);
    if (!isZero(end)) throw unplanned(`it contains ${nameIn(end)}, which is not planned`);
    if (!(await reader.ended())) throw unplanned("there is data after its end");
  } finally {
    await reader.close();
  }
}

async function* entryAsPlanned(
  entry: PlannedEntry,
  mtime: number,
  reader: ByteReader,
): AsyncGenerator<Unpacked> {
  const size = await sizeAsPlanned(entry, mtime, reader);
  const content = reader.parts(size);
  yield { name: entry.name, content };
  await reader.skip(content);
  if (!isZero(await reader.piece(paddingOf(size))))
    throw unplanned(`${entry.name} is not followed by zeros`);
}

/** The size that a file's headers tell; the rest of them has to be as planned. */
async function sizeAsPlanned(
  entry: PlannedEntry,
  mtime: number,
  reader: ByteReader,
): Promise<number> {
  const headersFor = (size: number): Buffer =>
    Buffer.concat([...tarHeaders({ ...entry, size }, mtime)]);
  const found = await reader.piece(headersFor(0).length);
  const header = found.subarray(-BLOCK);
  if (isZero(found)) throw unplanned(`it has no ${entry.name}, which is planned`);
  const size = octalIn(header, 124, 136);
  if (!Number.isSafeInteger(size)) throw damaged("a file has no size");
  if (found.equals(headersFor(size))) return size;
  const own = headersFor(size).subarray(-BLOCK);
  throw unplanned(
    nameIn(header) === nameIn(own)
      ? `${entry.name} does not have the planned mode, date, owner or type`
      : `it contains ${nameIn(found)} where ${entry.name} is planned`,
  );
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** As it is told to people: whoever made the archive chose it. */
function nameIn(header: Buffer): string {
  return JSON.stringify(pathIn(header));
}
