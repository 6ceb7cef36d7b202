import type { Problem } from "../../model/problem.ts";
import type { PlannedEntry, StoredArchive, Unpacked } from "../archive.ts";
import { CrcCounter } from "../crc-counter.ts";
import { damaged, unplanned } from "../damaged.ts";
import { inflateWhole } from "../decompress.ts";
import { part } from "../part.ts";
import { byName } from "../sorted-entries.ts";
import { directoryOf } from "./directory.ts";
import { type DosTime, dosTime } from "./dos-time.ts";
import { describe, type Member } from "./member.ts";
import { centralHeader, dataDescriptor, endOfDirectory, localHeader } from "./records.ts";

/** Bytes of a central header without its name. */
const HEADER = 46;
/** What stands for a size that does not fit. */
const ELSEWHERE = 0xffffffff;

/** The files of a ZIP that has to be what `zip` writes of the planned ones: only sizes and checksums are believed. */
export async function* plannedZip(
  archive: StoredArchive,
  planned: readonly PlannedEntry[],
  date: Date,
): AsyncGenerator<Unpacked> {
  const directory = await directoryOf(archive);
  const members = membersIn(directory, byName(planned), dosTime(date));
  const last = members.at(-1);
  const offset = last === undefined ? 0 : last.offset + lengthOf(last);
  const end = Buffer.concat([directory, endOfDirectory(members.length, directory.length, offset)]);
  if (offset + end.length !== archive.size)
    throw unplanned("it has data that its directory does not list");
  if (!(await part(archive, offset, end.length)).equals(end))
    throw unplanned("its directory is not where this program puts it");
  for (const member of members) yield* memberAsPlanned(member, archive);
}

/** What the directory tells of each planned file; every other byte of it has to be as planned. */
function membersIn(
  directory: Buffer,
  planned: readonly PlannedEntry[],
  time: DosTime,
): readonly Member[] {
  const members: Member[] = [];
  let [at, offset] = [0, 0];
  for (const entry of planned) {
    const member = { ...claimsAt(directory, at, entry), time, offset };
    const expected = centralHeader(member);
    const found = directory.subarray(at, at + expected.length);
    if (!found.equals(expected)) throw differing(entry, found);
    members.push(member);
    at += expected.length;
    offset += lengthOf(member);
  }
  if (at === directory.length) return members;
  throw unplanned(`it contains ${nameIn(directory.subarray(at))}, which is not planned`);
}

/** Sizes and checksum of a file, where a central header has them (APPNOTE 4.3.12). */
function claimsAt(
  directory: Buffer,
  at: number,
  entry: PlannedEntry,
): Omit<Member, "time" | "offset"> {
  if (directory.length < at + HEADER) throw unplanned(`it has no ${entry.name}, which is planned`);
  const [crc = 0, packed = 0, size = 0] = [16, 20, 24].map((field) =>
    directory.readUInt32LE(at + field),
  );
  if (size === ELSEWHERE) throw unplanned(`${entry.name} is larger than 4 GiB and cannot be read`);
  return { ...describe({ ...entry, size }), crc, packed, size };
}

function differing(entry: PlannedEntry, found: Buffer): Problem {
  const name = nameIn(found);
  return unplanned(
    name === JSON.stringify(entry.name)
      ? `${entry.name} does not have the planned mode, date or type`
      : `it contains ${name} where ${entry.name} is planned`,
  );
}

/** As it is told to people: whoever made the archive chose it. */
function nameIn(header: Buffer): string {
  const length = header.length < HEADER ? 0 : header.readUInt16LE(28);
  return JSON.stringify(header.toString("utf8", HEADER, HEADER + length));
}

/** Bytes of a member with what stands before and behind it. */
function lengthOf(member: Member): number {
  return localHeader(member).length + member.packed + dataDescriptor(member).length;
}

async function* memberAsPlanned(member: Member, archive: StoredArchive): AsyncGenerator<Unpacked> {
  const { offset, packed } = member;
  const name = member.name.toString();
  const header = localHeader(member);
  const start = offset + header.length;
  const descriptor = dataDescriptor(member);
  const [before, behind] = [
    await part(archive, offset, header.length),
    await part(archive, start + packed, descriptor.length),
  ];
  if (!before.equals(header) || !behind.equals(descriptor))
    throw unplanned(`${name} is described twice, and not alike`);
  const plain = new CrcCounter();
  const content = plain.over(
    inflateWhole(archive.open({ start, end: start + packed - 1 }), packed),
  );
  yield { name, content };
  for await (const _rest of content);
  if (plain.crc !== member.crc || plain.size !== member.size)
    throw damaged(`${name} does not have the size or the checksum that is listed`);
}
