import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { files } from "../../../src/world/node/files.ts";
import { temporaryFolder } from "../../support/repository.ts";

describe("a plain file", () => {
  it("is opened once: what its path leads to later does not matter", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "file");
    writeFileSync(path, "first");
    const opened = await files.plain(path);
    writeFileSync(join(folder, "other"), "second");
    renameSync(join(folder, "other"), path);
    expect(opened?.size).toBe(5);
    expect(await text(opened?.bytes as Readable)).toBe("first");
  });

  it("may have several names", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "bytes");
    linkSync(join(folder, "file"), join(folder, "name"));
    expect(await text((await files.plain(join(folder, "name")))?.bytes as Readable)).toBe("bytes");
  });

  it.each<readonly [string, (path: string) => void]>([
    ["nothing", () => {}],
    ["a folder", (path) => mkdirSync(path)],
    ["a link to a file", (path) => symlinkSync("/etc/passwd", path)],
    ["a link to itself", (path) => symlinkSync(path, path)],
    ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
    ["a pipe that nobody writes to", (path) => execFileSync("mkfifo", [path])],
  ])("is not %s", async (_, make) => {
    const path = join(temporaryFolder(), "file");
    make(path);
    expect(await files.plain(path)).toBeUndefined();
  });

  it("is no device", async () => {
    expect(await files.plain("/dev/zero")).toBeUndefined();
  });
});
