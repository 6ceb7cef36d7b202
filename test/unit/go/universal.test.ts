import { describe, expect, it } from "vitest";
import { inspect } from "../../../src/go/inspection/inspect.ts";
import { slicesOf } from "../../../src/go/inspection/universal.ts";
import { chooseTargets } from "../../../src/go/targets.ts";
import { compiledTargets, universalLayout } from "../../../src/go/universal.ts";
import type { OpenFile } from "../../../src/world/world.ts";

const PLATFORMS = ["darwin/amd64", "darwin/arm64", "linux/amd64"];
const UNIVERSAL = { os: "darwin", arch: "universal" };

function header(type: number, subtype: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(type, 4);
  bytes.writeUInt32LE(subtype, 8);
  return bytes;
}

const amd64 = header(0x1000007, 3);
const arm64 = header(0x100000c, 0);

function fileOf(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    read: (position, length) => Promise.resolve(bytes.subarray(position, position + length)),
    close: () => Promise.resolve(),
  };
}

/** A universal file with these entries and nothing in its slices. */
function universalFile(
  entries: readonly (readonly [position: number, size: number])[],
  size: number,
) {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32BE(0xcafebabe, 0);
  bytes.writeUInt32BE(entries.length, 4);
  for (const [index, [position, length]] of entries.entries()) {
    bytes.writeUInt32BE(position, 8 + 20 * index + 8);
    bytes.writeUInt32BE(length, 8 + 20 * index + 12);
  }
  return fileOf(bytes);
}

describe("a universal program", () => {
  it("lies as lipo lays it out: x86-64 by pages of 4 KiB, ARM by pages of 16", () => {
    const { header: head, positions } = universalLayout([
      { header: amd64, size: 5000 },
      { header: arm64, size: 70 },
    ]);
    expect(positions).toEqual([4096, 16384]);
    expect(Buffer.from(head).toString("hex")).toBe(
      "cafebabe00000002" +
        "0100000700000003000010000000138800000" +
        "00c" +
        "0100000c0000000000004000000000460000000e",
    );
  });

  it("is one target, and two for Go", () => {
    expect(chooseTargets(["darwin/universal", "linux/amd64"], PLATFORMS)).toEqual([
      UNIVERSAL,
      { os: "linux", arch: "amd64" },
    ]);
    expect(compiledTargets(UNIVERSAL)).toEqual([
      { os: "darwin", arch: "amd64" },
      { os: "darwin", arch: "arm64" },
    ]);
    expect(chooseTargets(["darwin/*"], PLATFORMS)).not.toContainEqual(UNIVERSAL);
    expect(chooseTargets(["darwin/*", "darwin/universal", "!darwin/universal"], PLATFORMS)).toEqual(
      compiledTargets(UNIVERSAL),
    );
  });

  it("needs both of them, and has no level", () => {
    expect(() => chooseTargets(["darwin/universal"], ["darwin/arm64"])).toThrow(
      'targets: "darwin/universal" needs darwin/amd64',
    );
    expect(() => chooseTargets(["darwin/universal/v2"], PLATFORMS)).toThrow("has a level");
  });

  it.each([
    ["no slices", universalFile([], 100), "a universal binary of 0 slices"],
    [
      "slices over each other",
      universalFile(
        [
          [48, 30],
          [60, 40],
        ],
        100,
      ),
      "do not fit",
    ],
    ["a slice outside", universalFile([[48, 60]], 100), "do not fit"],
    ["more behind them", universalFile([[48, 40]], 100), "12 bytes follow its last slice"],
    ["a slice that is no program", universalFile([[48, 52]], 100), "neither ELF"],
  ])("with %s is refused by name", async (_, file, words) => {
    await expect(inspect(file, "tool")).rejects.toThrow(words);
  });

  it("is no other file", async () => {
    expect(await slicesOf(fileOf(amd64), "tool")).toBeUndefined();
  });
});
