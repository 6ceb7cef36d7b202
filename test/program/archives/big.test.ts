import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tar } from "../../../src/archives/tar.ts";
import { zip } from "../../../src/archives/zip/zip.ts";
import { DATE, entry, sparse } from "../../unit/archives/samples.ts";

const GIB = 2 ** 30;

/** Minutes of work for one question each: asked with `BIG_TESTS=1`. */
describe.runIf(process.env["BIG_TESTS"] === "1")("files beyond the limits of the formats", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "big-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("zip: 5 GiB", { timeout: 600_000 }, async () => {
    const path = join(folder, "big.zip");
    const entries = [sparse("big", 5 * GIB), entry("small", "hello")];
    await zip.write(entries, DATE, createWriteStream(path));
    expect(execFileSync("unzip", ["-t", path], { encoding: "utf8" })).toContain(
      "No errors detected",
    );
    const said = execFileSync("go", ["run", "test/program/archives/readers/main.go", path], {
      encoding: "utf8",
    });
    expect(JSON.parse(said)).toMatchObject([
      { name: "big", size: 5 * GIB },
      { name: "small", size: 5 },
    ]);
  });

  it("tar: 9 GiB", { timeout: 600_000 }, async () => {
    const entries = [sparse("big", 9 * GIB), entry("small", "hello")];
    const reader = spawn("tar", ["-tvf", "-"], { stdio: ["pipe", "pipe", "inherit"] });
    const said = text(reader.stdout);
    await pipeline(tar(entries, DATE), reader.stdin);
    expect(
      (await said)
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/)[2]),
    ).toEqual([String(9 * GIB), "5"]);
  });
});
