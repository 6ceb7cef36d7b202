import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf } from "../../src/archives/contents/contents.ts";
import { archives } from "../../src/archives/index.ts";
import { bytesOf, pack, SAMPLE, sha256 } from "./samples.ts";

const read = (name: string, bytes: Buffer, wanted: (name: string) => boolean = () => true) =>
  contentsOf(
    {
      name,
      size: bytes.length,
      open: (range) =>
        Readable.from([range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)]),
    },
    wanted,
  );

const formats = Object.values(archives).filter(
  ({ extension }) => extension !== ".tar.zst" || "createZstdDecompress" in zlib,
);
describe.each(formats)("an archive of ours, $extension", (format) => {
  it("gives each file its digest", async () => {
    const found = await read(`a${format.extension}`, await pack(format));
    const expected = await Promise.all(
      SAMPLE.map(async (entry) => ({ name: entry.name, sha256: sha256(await bytesOf(entry)) })),
    );
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect([...(found ?? [])].sort(byName)).toEqual(expected.sort(byName));
  });

  it("gives what was asked for", async () => {
    const [one] = SAMPLE;
    const bytes = await pack(format);
    const found = await read(`a${format.extension}`, bytes, (name) => name === one?.name);
    expect(found?.map(({ name }) => name)).toEqual([one?.name]);
  });

  it.each([0.3, 0.6, 0.95])("is damaged when it is cut at %d", async (part) => {
    const bytes = await pack(format);
    const cut = bytes.subarray(0, Math.floor(bytes.length * part));
    await expect(read(`a${format.extension}`, cut)).rejects.toThrow("cannot be unpacked");
  });

  it("is damaged when it is something else", async () => {
    const page = Buffer.from("<html>".repeat(100));
    await expect(read(`a${format.extension}`, page)).rejects.toThrow("cannot be unpacked");
  });
});

describe("an archive that another program made", () => {
  let folder: string;
  const long = `${"deep/".repeat(40)}tool`;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "contents-"));
    mkdirSync(join(folder, long, ".."), { recursive: true });
    writeFileSync(join(folder, long), "deep");
    writeFileSync(join(folder, "empty"), "");
    writeFileSync(join(folder, "large"), Buffer.alloc(3 << 20, 7));
    symlinkSync("empty", join(folder, "link"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const expected = new Map([
    [long, sha256(Buffer.from("deep"))],
    ["empty", sha256(Buffer.from(""))],
    ["large", sha256(Buffer.alloc(3 << 20, 7))],
  ]);

  it.each([
    ["GNU's tar", "a.tar.gz", ["tar", "--format=gnu", "-czf"]],
    ["GNU's tar, pax", "b.tar.gz", ["tar", "--format=pax", "-czf"]],
    ["Python's zip", "c.zip", ["python3", "-m", "zipfile", "-c"]],
  ] as const)("%s", async (_who, name, [program, ...args]) => {
    const inside = program === "tar" ? [...expected.keys(), "link"] : ["deep", "empty", "large"];
    execFileSync(program, [...args, name, ...inside], { cwd: folder });
    const found = await read(name, readFileSync(join(folder, name)));
    expect(new Map(found?.map((one) => [one.name, one.sha256]))).toEqual(expected);
  });
});

it("what is no archive is not read", async () => {
  expect(await read("tool.exe", Buffer.from("MZ"))).toBeUndefined();
});
