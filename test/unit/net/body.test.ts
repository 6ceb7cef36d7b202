import { createHash } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { bytesUpTo, orTooLarge, saveUpTo, sha256UpTo, TooLarge } from "../../../src/net/body.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const text = "a body in three parts";
const parts = ["a body", " in three", " parts"];
const clock = new VirtualClock();

function body(
  chunks: Iterable<unknown> | AsyncIterable<unknown> = parts.map((one) => Buffer.from(one)),
) {
  return Readable.from(chunks);
}

async function saved(most: number): Promise<string> {
  const sink = new PassThrough();
  const [bytes] = await Promise.all([buffer(sink), saveUpTo(body(), sink, { most, clock })]);
  return bytes.toString();
}

describe("a body of as many bytes as it may have", () => {
  const bounds = { most: text.length, clock };

  it("is read, hashed and saved", async () => {
    expect((await bytesUpTo(body(), bounds)).toString()).toBe(text);
    const digest = createHash("sha256").update(text).digest("hex");
    expect(await sha256UpTo(body(), bounds)).toBe(digest);
    expect(await saved(text.length)).toBe(text);
  });
});

describe("a body of one byte more", () => {
  const bounds = { most: text.length - 1, clock };

  it.each([
    ["read", () => bytesUpTo(body(), bounds)],
    ["hashed", () => sha256UpTo(body(), bounds)],
    ["saved", () => saveUpTo(body(), new PassThrough().resume(), bounds)],
  ])("is not %s", async (_, read) => {
    await expect(read()).rejects.toThrow(TooLarge);
    expect(await orTooLarge<unknown>(read())).toBeUndefined();
  });

  it("is read no further, and closed", async () => {
    let yielded = 0;
    const endless = body(
      (function* () {
        for (;;) {
          yielded += 1;
          yield Buffer.alloc(1000);
        }
      })(),
    );
    await expect(bytesUpTo(endless, { most: 5000, clock })).rejects.toThrow(TooLarge);
    expect(yielded).toBeLessThan(100);
    expect(endless.destroyed).toBe(true);
  });
});

it("a body of which a byte comes now and then is given up", async () => {
  const slow = body(
    (async function* () {
      for (;;) {
        await clock.sleep(10_000);
        yield Buffer.from(" ");
      }
    })(),
  );
  const read = bytesUpTo(slow, { most: 1000, clock, within: 60_000 });
  await expect(read).rejects.toThrow("the answer does not end");
});
