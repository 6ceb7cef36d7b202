import { describe, expect, it } from "vitest";
import { inspect } from "../../../../src/go/inspection/inspect.ts";
import { Problem } from "../../../../src/model/problem.ts";
import { bytesOf, inMemory, type Sample } from "./samples.ts";

const TIMEOUT = 300_000;

/** The slowest inspection allowed, in milliseconds, on a machine that is busy with other tests. */
const PATIENCE = 5000;

const samples: readonly Sample[] = [
  { name: "linux", os: "linux", arch: "amd64" },
  { name: "linux-mips", os: "linux", arch: "mips", env: { GOMIPS: "softfloat" } },
  { name: "openbsd", os: "openbsd", arch: "amd64" },
  { name: "macos", os: "darwin", arch: "arm64" },
  { name: "windows.exe", os: "windows", arch: "amd64" },
  { name: "hello.wasm", os: "js", arch: "wasm" },
];

describe.each(samples)("$name", (sample) => {
  it("a program cut anywhere is inspected or refused, never a crash", {
    timeout: TIMEOUT,
  }, async () => {
    const bytes = bytesOf(sample);
    const dense = Array.from(
      { length: sample.arch === "wasm" ? 30 : 300 },
      (_, index) => index * 7,
    );
    const sparse = Array.from({ length: 20 }, (_, index) =>
      Math.floor((bytes.length * index) / 20),
    );
    const end = Array.from({ length: 10 }, (_, index) => bytes.length - 1 - index * 97);
    for (const length of [...dense, ...sparse, ...end]) await survives(bytes.subarray(0, length));
  });

  it("a program with any number in its headers wrong is inspected or refused", {
    timeout: TIMEOUT,
  }, async () => {
    const whole = bytesOf(sample);
    const bytes = Buffer.from(whole);
    const values = ["ffffffff", "ffffff7f", "00000080", "00000000", "01000000", "00000100"];
    const headers = sample.arch === "wasm" ? 24 : 1024;
    for (let at = 0; at < headers; at += 4) {
      for (const value of values) {
        bytes.write(value, at, "hex");
        await survives(bytes);
      }
      whole.copy(bytes, at, at, at + 4);
    }
  });

  it("a program with bytes turned over where it is read is inspected or refused", {
    timeout: TIMEOUT,
  }, async () => {
    const bytes = bytesOf(sample);
    const random = numbers(20_261_123);
    const places = await placesRead(bytes);
    for (let round = 0; round < (sample.arch === "wasm" ? 20 : 300); round++) {
      const damaged = Buffer.from(bytes);
      for (let flips = 1 + (random() % 4); flips > 0; flips--) {
        const place = places[random() % places.length] ?? { position: 0, length: 1 };
        damaged[place.position + (random() % place.length)] = random() & 0xff;
      }
      await survives(damaged);
    }
  });
});

/** Garbage is read to the end or refused by name; nothing else is thrown, and no more is read than there is. */
async function survives(bytes: Uint8Array): Promise<void> {
  const file = inMemory(bytes);
  const start = performance.now();
  try {
    await inspect(file, "hostile");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe("binary-unreadable");
    expect(error.message).toMatch(/^hostile: [^\p{Cc}]+$/u);
  }
  expect(performance.now() - start).toBeLessThan(PATIENCE);
  expect(file.count()).toBeLessThan(3 * bytes.length + 4 * 2 ** 20);
}

/** Where an inspection looks, narrowed to what follows each position at which it begins to read. */
async function placesRead(bytes: Uint8Array): Promise<{ position: number; length: number }[]> {
  const places: { position: number; length: number }[] = [];
  const file = inMemory(bytes);
  const read = async (position: number, length: number) => {
    places.push({ position, length: Math.min(length, 2048) });
    return file.read(position, length);
  };
  await inspect({ ...file, read }, "whole");
  return places;
}

/** The same numbers on every run (Numerical Recipes' linear congruence). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
