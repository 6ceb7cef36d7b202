import { Readable } from "node:stream";
import type { Entry, StoredArchive } from "../archives/archive.ts";
import { zip } from "../archives/zip/zip.ts";
import type { LayerContents } from "./layers.ts";

/** What an image may hold besides its programs. */
export interface Supplies {
  /** The certificates of public authorities, PEM. */
  readonly certificates?: string | undefined;
  /** Go's `lib/time/zoneinfo.zip`. */
  readonly timeZones?: Buffer | undefined;
}

/** The names of the users that there are, for what asks the system who it is. */
const USERS = [
  "root:x:0:0:root:/:",
  "nobody:x:65534:65534:nobody:/:",
  "nonroot:x:65532:65532:nonroot:/:",
];
const GROUPS = ["root:x:0:", "nobody:x:65534:", "nonroot:x:65532:"];

/** Where programs look first (crypto/x509's root_linux.go, time's zoneinfo_unix.go). */
const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";
const TIME_ZONES = "usr/share/zoneinfo";

/** The lowest layer of an image that has no base: a folder for temporary files, users, certificates, time zones. */
export async function scratchContents(supplies: Supplies): Promise<LayerContents> {
  return {
    entries: [
      textEntry("etc/passwd", USERS.map((line) => `${line}/sbin/nologin\n`).join("")),
      textEntry("etc/group", GROUPS.map((line) => `${line}\n`).join("")),
      ...(await supplied(supplies)),
    ],
    folders: { tmp: 0o1777 },
    comment: wordsFor(["users", ...namesOf(supplies)]),
  };
}

/** The same for an image on a base, which has users of its own; undefined where nothing was asked for. */
export async function suppliedContents(supplies: Supplies): Promise<LayerContents | undefined> {
  const entries = await supplied(supplies);
  return entries.length === 0 ? undefined : { entries, comment: wordsFor(namesOf(supplies)) };
}

function namesOf({ certificates, timeZones }: Supplies): readonly string[] {
  return [
    ...(certificates === undefined ? [] : ["certificates"]),
    ...(timeZones === undefined ? [] : ["time zones"]),
  ];
}

function wordsFor(names: readonly string[]): string {
  return names.join(", ");
}

async function supplied({ certificates, timeZones }: Supplies): Promise<readonly Entry[]> {
  return [
    ...(certificates === undefined ? [] : [textEntry(CERTIFICATES, certificates)]),
    ...(timeZones === undefined ? [] : await zonesOf(timeZones)),
  ];
}

async function zonesOf(bytes: Buffer): Promise<readonly Entry[]> {
  const stored: StoredArchive = {
    size: bytes.length,
    open: ({ start, end } = { start: 0, end: bytes.length - 1 }) =>
      Readable.from([bytes.subarray(start, end + 1)]),
  };
  const entries: Entry[] = [];
  for await (const { name, content } of zip.read(stored)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    entries.push(bytesEntry(`${TIME_ZONES}/${name}`, Buffer.concat(chunks)));
  }
  return entries;
}

function textEntry(name: string, text: string): Entry {
  return bytesEntry(name, Buffer.from(text));
}

function bytesEntry(name: string, bytes: Buffer): Entry {
  return { name, size: bytes.length, executable: false, open: () => Readable.from([bytes]) };
}
