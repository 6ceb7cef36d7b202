import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import * as zlib from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Entry } from "../../../src/archives/archive.ts";
import { archives } from "../../../src/archives/index.ts";
import { sortedEntries } from "../../../src/archives/sorted-entries.ts";
import { bytesOf, DATE, entry, inMemory, noise, pack, SAMPLE, sha256, unpack } from "./samples.ts";

const zstd = "createZstdCompress" in zlib;
const formats = Object.entries(archives).filter(([name]) => zstd || name !== "tar.zst");

/** Of the sample; a change here changes the bytes of everybody's releases. */
const GOLDEN: Readonly<Record<string, string>> = {
  "tar.gz": "abc9ca4af27788308ebdee87a9d962021628783c89e5ce0ceb12ef4409803e33",
  zip: "7ba6cb495f7e26548c54251f1bb0c281dc2af1eb3ee87e890d2744bee7b693ee",
};

describe.each(formats)("%s", (name, format) => {
  it.runIf(name in GOLDEN)("has the pinned bytes", async () => {
    expect(sha256(await pack(format))).toBe(GOLDEN[name]);
  });

  it("does not depend on the order of the entries", async () => {
    const shuffled = SAMPLE.map((entry, index) => ({ entry, key: (index * 7) % SAMPLE.length }))
      .sort((a, b) => a.key - b.key)
      .map(({ entry }) => entry);
    expect(sha256(await pack(format, shuffled))).toBe(sha256(await pack(format)));
  });

  it("does not depend on how the streams are cut", async () => {
    const cut = SAMPLE.map((entry) => ({
      ...entry,
      open: () => Readable.from(slices(entry, 997), { objectMode: false }),
    }));
    expect(sha256(await pack(format, cut))).toBe(sha256(await pack(format)));
  });

  it("takes an archive without entries", async () => {
    expect((await pack(format, [])).length).toBeGreaterThan(0);
  });

  it("reads what it wrote", async () => {
    const wanted = sortedEntries(SAMPLE).map(async (one) => [one.name, sha256(await bytesOf(one))]);
    expect(await unpack(format, await pack(format))).toEqual(await Promise.all(wanted));
    expect(await unpack(format, await pack(format, []))).toEqual([]);
  });

  it("reads on where somebody did not read to the end", async () => {
    const names: string[] = [];
    for await (const { name } of format.read(inMemory(await pack(format)))) names.push(name);
    expect(names).toEqual(sortedEntries(SAMPLE).map(({ name: one }) => one));
  });

  it("lets go of an archive that somebody stopped reading", async () => {
    const bytes = await pack(format, [...SAMPLE, entry("z", noise(2 << 20))]);
    const opened: Readable[] = [];
    const open = ({ start, end } = { start: 0, end: bytes.length - 1 }): Readable => {
      const pieces = function* () {
        for (let at = start; at <= end; at += 4096)
          yield bytes.subarray(at, Math.min(at + 4096, end + 1));
      };
      const stream = Readable.from(pieces());
      opened.push(stream);
      return stream;
    };
    for await (const _first of format.read({ size: bytes.length, open })) break;
    await vi.waitFor(() => expect(opened.every(({ destroyed }) => destroyed)).toBe(true));
  });

  it("tells an archive that was cut anywhere, and bytes that are none", async () => {
    const whole = await pack(format);
    for (const part of [
      whole.subarray(0, 0),
      ...Array.from({ length: 40 }, (_, at) =>
        whole.subarray(0, Math.floor((whole.length * at) / 40)),
      ),
      noise(5_000),
    ])
      await expect(unpack(format, part)).rejects.toMatchObject({ code: "archive-damaged" });
  });

  it("ends with a result or as damaged wherever a byte is another", async () => {
    const whole = await pack(format, SAMPLE.slice(1, 8));
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 400)) {
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ 0x55;
      await unpack(format, other).catch((error: unknown) =>
        expect(error).toMatchObject({ code: "archive-damaged" }),
      );
    }
  });

  it.each([
    ["shorter", 11, "a should be 11 bytes long but gave only 10"],
    ["longer", 9, "a should be 9 bytes long but gave more"],
    ["empty", 0, "a should be 0 bytes long but gave more"],
  ])("refuses a stream that does not fit its size (%s)", async (_, size, message) => {
    await expect(pack(format, [{ ...entry("a", "0123456789"), size }])).rejects.toMatchObject({
      code: "archive-entry",
      message,
    });
  });

  it("refuses other bytes than those that were looked at", async () => {
    const sha256 = createHash("sha256").update("0123456789").digest("hex");
    await pack(format, [{ ...entry("a", "0123456789"), sha256 }]);
    const other = { ...entry("a", "012345678x"), sha256 };
    await expect(pack(format, [other])).rejects.toMatchObject({
      code: "archive-entry",
      message: "a is no longer the file that was inspected",
    });
  });

  it("passes on the failure of a stream, destroys the others and opens no more", async () => {
    const opened: Readable[] = [];
    const failing = (name: string): Entry => ({
      ...entry(name, "0123456789"),
      open: () => {
        const stream = new Readable({ read() {} });
        opened.push(stream);
        setImmediate(() => stream.destroy(new Error("disk on fire")));
        return stream;
      },
    });
    await expect(pack(format, [failing("a"), failing("b")])).rejects.toThrow("disk on fire");
    expect(opened.map((stream) => stream.destroyed)).toEqual([true]);
  });

  it("passes on the failure of the sink and destroys the source", async () => {
    const source = endless();
    let room = 5;
    const out = new Writable({
      write: (_c, _e, done) => done(room-- > 0 ? null : new Error("disk full")),
    });
    await expect(format.write([source.entry], DATE, out)).rejects.toThrow("disk full");
    await vi.waitFor(() => expect(source.destroyed()).toBe(true));
  });

  it.each([
    ["stalls", () => stalled()],
    ["flows", () => endless()],
  ])("stops at once when it is aborted while the source %s", async (_, make) => {
    const source = make();
    const abort = new AbortController();
    const out = new Writable({ write: (_c, _e, done) => setImmediate(done) });
    const writing = format.write([source.entry], DATE, out, abort.signal);
    const outcome = expect(writing).rejects.toMatchObject({ name: "AbortError" });
    setTimeout(() => abort.abort(), 50);
    await outcome;
    expect([source.destroyed(), out.destroyed]).toEqual([true, true]);
  });

  it("stops at once when it is aborted while the sink stalls", async () => {
    const source = endless();
    const abort = new AbortController();
    const out = new Writable({ write() {} });
    const writing = format.write([source.entry], DATE, out, abort.signal);
    const outcome = expect(writing).rejects.toMatchObject({ name: "AbortError" });
    setTimeout(() => abort.abort(), 50);
    await outcome;
    expect([source.destroyed(), out.destroyed]).toEqual([true, true]);
  });

  it("reads no further than the sink keeps up", async () => {
    const source = endless();
    const abort = new AbortController();
    const writing = format.write([source.entry], DATE, new Writable({ write() {} }), abort.signal);
    writing.catch(() => {});
    await new Promise((resume) => setTimeout(resume, 200));
    expect(source.given()).toBeLessThan(8 * 1024 * 1024);
    abort.abort();
    await writing.catch(() => {});
  });
});

async function* slices(entry: Entry, size: number): AsyncGenerator<Buffer> {
  const bytes = await bytesOf(entry);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function watched(read: (this: Readable, size: number) => void) {
  let stream: Readable | undefined;
  const open = () => (stream = new Readable({ read }));
  return {
    entry: { name: "a", size: 2 ** 40, executable: false, open },
    destroyed: () => stream?.destroyed ?? false,
  };
}

function stalled() {
  return watched(() => {});
}

function endless() {
  let given = 0;
  const source = watched(function () {
    given += 65_536;
    this.push(randomBytes(65_536));
  });
  return { ...source, given: () => given };
}

/** The archives as separate processes write them, bundled as they are shipped. */
describe("archives packed in other surroundings", () => {
  const folder = mkdtempSync(join(tmpdir(), "archives-"));
  const script = join(folder, "pack.cjs");
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    await build({
      stdin: {
        contents: `
          import { archives } from "./src/archives/index.ts";
          import { pack, sha256 } from "./test/unit/archives/samples.ts";
          process.umask(Number(process.argv[2]));
          const digests = ["tar.gz", "zip"].map(async (name) => [name, sha256(await pack(archives[name]))]);
          Promise.all(digests).then((pairs) => console.log(JSON.stringify(Object.fromEntries(pairs))));`,
        resolveDir: process.cwd(),
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      minify: true,
      outfile: script,
    });
  });

  it.each([
    ["UTC", 0o022, "C"],
    ["Asia/Kolkata", 0o077, "tr_TR.UTF-8"],
    ["America/St_Johns", 0, "de_DE.UTF-8"],
    ["Pacific/Kiritimati", 0o027, "C"],
  ])("time zone %s, umask %o, locale %s: the same bytes", (TZ, umask, LC_ALL) => {
    const env = { ...process.env, TZ, LC_ALL };
    const said = execFileSync(process.execPath, [script, String(umask)], { env, encoding: "utf8" });
    expect(JSON.parse(said)).toEqual(GOLDEN);
  });
});

describe("tar.zst where Node has no zstd", () => {
  it.skipIf(zstd)("says so while planning", () => {
    expect(() => archives["tar.zst"].check()).toThrow(
      expect.objectContaining({ code: "archive-unsupported" }),
    );
  });
  it.skipIf(zstd)("says so when writing", async () => {
    await expect(pack(archives["tar.zst"])).rejects.toMatchObject({ code: "archive-unsupported" });
  });
});
