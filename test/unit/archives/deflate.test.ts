import { createHash } from "node:crypto";
import * as zlib from "node:zlib";
import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CrcCounter, portableCrc32 } from "../../../src/archives/crc-counter.ts";
import {
  deflate,
  nativeDeflate,
  nativeIsCanonical,
  portableDeflate,
  probe,
} from "../../../src/archives/deflate.ts";
import { noise } from "./samples.ts";

type Deflate = (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

async function* cut(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const samples: [string, Uint8Array][] = [
  ["nothing", new Uint8Array(0)],
  ["one byte", Uint8Array.of(7)],
  ["zeros", new Uint8Array(300_000)],
  ["noise", noise(300_000)],
  ["text", Buffer.from("the quick brown fox jumps over the lazy dog\n".repeat(20_000))],
  ["the probe", probe()],
  ["a block and a byte", probe().subarray(0, 65_537)],
];

describe.each<[string, Deflate]>([
  ["portable", portableDeflate],
  ["chosen", deflate],
  ...(nativeIsCanonical() ? ([["native", nativeDeflate]] as [string, Deflate][]) : []),
])("%s deflate", (_, deflate) => {
  it.each(samples)("gives %s back, and the same bytes however it was cut", async (_, bytes) => {
    const whole = await collect(deflate(cut(bytes, bytes.length + 1)));
    expect(inflateRawSync(whole).equals(bytes)).toBe(true);
    for (const size of [4_099, 65_536, 100_000])
      expect((await collect(deflate(cut(bytes, size)))).equals(whole)).toBe(true);
    expect(whole.equals(await collect(portableDeflate(cut(bytes, 65_536))))).toBe(true);
  });

  it("passes on the failure of its source", async () => {
    async function* failing() {
      yield noise(200_000);
      throw new Error("disk on fire");
    }
    await expect(collect(deflate(failing()))).rejects.toThrow("disk on fire");
  });

  it("ends its source when nobody listens any more", async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield noise(65_536);
      } finally {
        ended = true;
      }
    }
    for await (const _ of deflate(endless())) break;
    await new Promise((resume) => setTimeout(resume, 20));
    expect(ended).toBe(true);
  });
});

it("Node's deflate is used where it gives the bytes that pako gives", async () => {
  const answer = await collect(portableDeflate(cut(probe(), 65_536)));
  expect(createHash("sha256").update(answer).digest("hex")).toBe(
    "ed0c50f5c000c619b85417828826367babc43d0238a3ae7542b42cd947183b4b",
  );
});

describe("CrcCounter", () => {
  it("counts and keeps the CRC-32", async () => {
    const tally = new CrcCounter();
    await collect(tally.over(cut(Buffer.from("123456789"), 2)));
    expect(tally).toMatchObject({ size: 9, crc: 0xcbf43926 });
  });

  it("has the same CRC-32 with and without Node's", () => {
    expect(portableCrc32(Buffer.from("123456789"), 0)).toBe(0xcbf43926);
    expect(portableCrc32(Buffer.from("6789"), portableCrc32(Buffer.from("12345"), 0))).toBe(
      0xcbf43926,
    );
    const native = (zlib as { crc32?: (data: Uint8Array) => number }).crc32;
    if (native !== undefined) expect(portableCrc32(noise(1_000), 0)).toBe(native(noise(1_000)));
  });
});
