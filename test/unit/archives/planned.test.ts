import * as zlib from "node:zlib";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ArchiveFormat, Entry, PlannedEntry } from "../../../src/archives/archive.ts";
import { archives } from "../../../src/archives/index.ts";
import { DATE, entry, inMemory, noise, pack, SAMPLE, sha256, unpack } from "./samples.ts";

const zstd = "createZstdCompress" in zlib;
const formats = Object.entries(archives).filter(([name]) => zstd || name !== "tar.zst");

/** Names and digests of the files in an archive, read as the planned one. */
async function unpackPlanned(
  format: ArchiveFormat,
  bytes: Buffer,
  planned: readonly PlannedEntry[] = SAMPLE,
  date = DATE,
): Promise<[string, string][]> {
  return await unpack({ read: (archive) => format.readPlanned(archive, planned, date) }, bytes);
}

/** An archive that `write` would not have made, or not of these files. */
const UNLIKE = expect.objectContaining({
  code: expect.stringMatching(/^archive-(unplanned|damaged)$/u),
});

const PLANNED = [entry("LICENSE", "MIT\n"), entry("age", noise(50_000), true)];

describe.each(formats)("a planned %s", (_, format) => {
  it("is read as it was written", async () => {
    const bytes = await pack(format);
    expect(await unpackPlanned(format, bytes)).toEqual(await unpack(format, bytes));
    expect(await unpackPlanned(format, await pack(format, []), [])).toEqual([]);
  });

  it("may hold other bytes in its files, and no other byte", async () => {
    const others = PLANNED.map((one) => entry(one.name, noise(70_000), one.executable));
    expect(await unpackPlanned(format, await pack(format, others), PLANNED)).toEqual([
      ["LICENSE", sha256(noise(70_000))],
      ["age", sha256(noise(70_000))],
    ]);
  });

  it("is compared whether or not somebody reads its files", async () => {
    const more = await pack(format, [...PLANNED, entry("z", "more")]);
    const reading = async (): Promise<void> => {
      for await (const _unread of format.readPlanned(inMemory(more), PLANNED, DATE));
    };
    await expect(reading()).rejects.toMatchObject({ code: "archive-unplanned" });
  });

  it.each<readonly [string, readonly Entry[], Date, RegExp]>([
    ["another file at its end", [...PLANNED, entry("z", "")], DATE, /contains "z", which is not/u],
    ["another file in front", [...PLANNED, entry("A", "")], DATE, /"A" where LICENSE is planned/u],
    ["a file that leads out", [...PLANNED, entry("evil", "")], DATE, /"evil"/u],
    ["a file too few", PLANNED.slice(0, 1), DATE, /has no age, which is planned/u],
    ["no file at all", [], DATE, /LICENSE/u],
    ["a file by another name", [PLANNED[0] as Entry, entry("bge", "")], DATE, /"bge" where age/u],
    [
      "a program that cannot be executed",
      PLANNED.map((one) => ({ ...one, executable: false })),
      DATE,
      /age does not have the planned mode/u,
    ],
    [
      "a text that can be executed",
      PLANNED.map((one) => ({ ...one, executable: true })),
      DATE,
      /LICENSE does not have the planned mode/u,
    ],
    [
      "another date",
      PLANNED,
      new Date(DATE.getTime() + 2000),
      /LICENSE does not have the planned mode, date/u,
    ],
  ])("with %s is refused", async (_name, entries, date, words) => {
    await expect(
      unpackPlanned(format, await pack(format, entries, date), PLANNED),
    ).rejects.toMatchObject({ code: "archive-unplanned", message: expect.stringMatching(words) });
  });

  it("with bytes behind its end, or before its beginning, is refused", async () => {
    const whole = await pack(format, PLANNED);
    for (const other of [
      Buffer.concat([whole, Buffer.from("x")]),
      Buffer.concat([whole, Buffer.alloc(100_000)]),
      Buffer.concat([whole, whole]),
      Buffer.concat([Buffer.from("#!/bin/sh\n"), whole]),
      Buffer.concat([await pack(format, []), whole]),
    ])
      await expect(unpackPlanned(format, other, PLANNED)).rejects.toEqual(UNLIKE);
  });

  it("that was cut anywhere is refused", async () => {
    const whole = await pack(format, PLANNED);
    for (let at = 0; at < 40; at++) {
      const part = whole.subarray(0, Math.floor((whole.length * at) / 40));
      await expect(unpackPlanned(format, part, PLANNED)).rejects.toEqual(UNLIKE);
    }
  });

  it("in which a bit is another is refused, or another is in its files alone", async () => {
    const whole = await pack(format, PLANNED);
    const names = PLANNED.map(({ name }) => name);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 400)) {
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ 0x55;
      await unpackPlanned(format, other, PLANNED).then(
        (found) => expect(found.map(([name]) => name)).toEqual(names),
        (error: unknown) => expect(error).toEqual(UNLIKE),
      );
    }
  });
});

describe("what only one format can hide", () => {
  const tarGz = archives["tar.gz"];

  it("is no name, comment or second member of gzip", async () => {
    const tar = zlib.gunzipSync(await pack(tarGz, PLANNED));
    const named = gzipSync(tar);
    named[3] = 8;
    const withName = Buffer.concat([
      named.subarray(0, 10),
      Buffer.from("evil\0"),
      named.subarray(10),
    ]);
    for (const other of [
      withName,
      Buffer.concat([gzipSync(tar.subarray(0, 512)), gzipSync(tar.subarray(512))]),
    ]) {
      expect(zlib.gunzipSync(other).equals(tar)).toBe(true);
      await expect(unpackPlanned(tarGz, other, PLANNED)).rejects.toEqual(UNLIKE);
    }
  });

  it("is no other compression of the same, which is believed", async () => {
    const whole = await pack(tarGz, PLANNED);
    const tar = zlib.gunzipSync(whole);
    const stored = Buffer.concat([
      whole.subarray(0, 10),
      zlib.deflateRawSync(tar, { level: 0 }),
      whole.subarray(-8),
    ]);
    expect(await unpackPlanned(tarGz, stored, PLANNED)).toEqual(await unpack(tarGz, whole));
  });

  it("is no link, device, owner or extended attribute in a tar", async () => {
    const tar = zlib.gunzipSync(await pack(tarGz, PLANNED));
    const changed = (at: number, text: string): Buffer => {
      const other = Buffer.from(tar);
      other.write(text, at);
      other.write(" ".repeat(8), 148);
      const sum = other.subarray(0, 512).reduce((all, byte) => all + byte, 0);
      other.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
      return other;
    };
    for (const [at, text] of [
      [156, "2"],
      [156, "3"],
      [156, "6"],
      [157, "/etc/passwd"],
      [108, "0000001"],
      [265, "root"],
      [100, "0004755"],
      [345, "prefix"],
      [500, "x"],
    ] as const)
      await expect(
        unpackPlanned(tarGz, await gzipped(changed(at, text)), PLANNED),
      ).rejects.toMatchObject({ code: "archive-unplanned" });
  });

  it("is nothing in the padding of a tar", async () => {
    const tar = zlib.gunzipSync(await pack(tarGz, PLANNED));
    tar.write("hidden", 512 + 100);
    await expect(unpackPlanned(tarGz, await gzipped(tar), PLANNED)).rejects.toMatchObject({
      message: "LICENSE is not followed by zeros",
    });
  });

  it("is nothing that a zip says in one place and not in the other", async () => {
    const whole = await pack(archives.zip, PLANNED);
    const inLocal = Buffer.from(whole);
    inLocal.write("NICENSE", whole.indexOf("LICENSE"));
    await expect(unpackPlanned(archives.zip, inLocal, PLANNED)).rejects.toMatchObject({
      message: "LICENSE is described twice, and not alike",
    });
    const commented = Buffer.concat([whole, Buffer.from("comment")]);
    commented.writeUInt16LE(7, whole.length - 2);
    expect(await unpack(archives.zip, commented)).toHaveLength(2);
    await expect(unpackPlanned(archives.zip, commented, PLANNED)).rejects.toEqual(UNLIKE);
  });
});

/** A tar as the one member that this program writes. */
async function gzipped(tar: Buffer): Promise<Buffer> {
  const frame = await pack(archives["tar.gz"], []);
  const trailer = gzipSync(tar).subarray(-8);
  return Buffer.concat([frame.subarray(0, 10), zlib.deflateRawSync(tar), trailer]);
}
