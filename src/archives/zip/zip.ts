import type { ArchiveFormat, Entry } from "../archive.ts";
import { content } from "../content.ts";
import { CrcCounter } from "../crc-counter.ts";
import { deflate } from "../deflate.ts";
import { sortedEntries } from "../sorted-entries.ts";
import { writeStream } from "../write-stream.ts";
import { dosTime } from "./dos-time.ts";
import { describe, type Member } from "./member.ts";
import { plannedZip } from "./planned-zip.ts";
import { centralHeader, dataDescriptor, endOfDirectory, localHeader } from "./records.ts";
import { unzip } from "./unzip.ts";

export const zip: ArchiveFormat = {
  extension: ".zip",
  check() {},
  write: (entries, date, out, signal) => writeStream(pack(entries, date, signal), [], out, signal),
  read: unzip,
  readPlanned: plannedZip,
};

/** PKWARE's APPNOTE 6.3.10: deflated members with data descriptors, zip64 only for what needs it. */
async function* pack(
  entries: readonly Entry[],
  date: Date,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const time = dosTime(date);
  const members: Member[] = [];
  let offset = 0;
  for (const entry of sortedEntries(entries)) {
    const draft = { ...describe(entry), time, offset };
    const header = localHeader(draft);
    yield header;
    const [plain, packed] = [new CrcCounter(), new CrcCounter()];
    yield* packed.over(deflate(plain.over(content(entry, signal))));
    const member = { ...draft, crc: plain.crc, size: plain.size, packed: packed.size };
    const descriptor = dataDescriptor(member);
    yield descriptor;
    members.push(member);
    offset += header.length + packed.size + descriptor.length;
  }
  const directory = Buffer.concat(members.map(centralHeader));
  yield directory;
  yield endOfDirectory(members.length, directory.length, offset);
}
