import { createHash } from "node:crypto";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { DigestCounter } from "../../../src/checksums/digest-counter.ts";
import { digestingSink } from "../../../src/checksums/digesting-sink.ts";
import { Problem } from "../../../src/model/problem.ts";
import { temporaryFolder } from "../../support/repository.ts";

const chunks = Array.from({ length: 100 }, (_, at) => Buffer.alloc(10_000, at));
const whole = Buffer.concat(chunks);
const expected = {
  size: whole.length,
  sha256: createHash("sha256").update(whole).digest("hex"),
};

describe("a digesting sink", () => {
  it("writes everything and has digested it when it is done", async () => {
    const path = join(temporaryFolder(), "file");
    const { out, digest } = digestingSink(createWriteStream(path, { highWaterMark: 1 }));
    await pipeline(Readable.from(chunks), out);
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(digest()).toEqual(expected);
  });

  it("fails as what it writes to fails", async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    const { out } = digestingSink(full);
    await expect(pipeline(Readable.from(chunks), out)).rejects.toThrow("disk full");
    expect(full.destroyed).toBe(true);
  });

  it("takes what it writes to with it when it is given up", async () => {
    const stalled = new Writable({ write() {} });
    const { out } = digestingSink(stalled);
    const abort = new AbortController();
    const writing = pipeline(Readable.from(chunks), out, { signal: abort.signal });
    abort.abort();
    await expect(writing).rejects.toMatchObject({ name: "AbortError" });
    expect(stalled.destroyed).toBe(true);
  });
});

describe("a digest counter", () => {
  const through = async (limit: number) => {
    const counter = new DigestCounter(limit, () => new Problem("too-much", "too much"));
    let seen = 0;
    for await (const chunk of counter.over(Readable.from(chunks))) seen += chunk.length;
    return { seen, ...counter.digest() };
  };

  it("digests what flows by", async () => {
    expect(await through(whole.length)).toEqual({ seen: whole.length, ...expected });
  });

  it("lets no byte more than its limit flow", async () => {
    await expect(through(whole.length - 1)).rejects.toMatchObject({ code: "too-much" });
  });
});
