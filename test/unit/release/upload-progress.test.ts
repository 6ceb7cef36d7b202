import { expect, it } from "vitest";
import type { Artifact } from "../../../src/model/artifact.ts";
import { UploadProgress } from "../../../src/release/upload-progress.ts";

const MIB = 2 ** 20;
const file = (size: number): Artifact => ({
  kind: "archive",
  name: `${size}`,
  path: `${size}`,
  size,
  sha256: "",
  from: [],
});

it("tells files, bytes and the time that is left", () => {
  const files = [file(MIB), file(3 * MIB), file(4 * MIB)];
  let now = 1000;
  const progress = new UploadProgress(files, { now: () => now });
  const told = files.map((one) => {
    now += 2000;
    return progress.after(one);
  });
  expect(told).toEqual([
    "1.0 MiB; 1 of 3 files, 1.0 MiB of 8.0 MiB, 14.0 s left",
    "3.0 MiB; 2 of 3 files, 4.0 MiB of 8.0 MiB, 4.0 s left",
    "4.0 MiB; 3 of 3 files, 8.0 MiB of 8.0 MiB",
  ]);
});

it("tells the size alone of one file", () => {
  expect(new UploadProgress([file(MIB)], { now: () => 0 }).after(file(MIB))).toBe("1.0 MiB");
});

it("promises no time before any has passed", () => {
  const progress = new UploadProgress([file(MIB), file(MIB)], { now: () => 0 });
  expect(progress.after(file(MIB))).toBe("1.0 MiB; 1 of 2 files, 1.0 MiB of 2.0 MiB");
});
