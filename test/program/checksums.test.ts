import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { formatChecksums, parseChecksums } from "../../src/checksums/checksums.ts";
import { digest } from "../../src/checksums/digest.ts";
import { ALGORITHMS } from "../../src/model/algorithms.ts";

describe("checksums.txt as coreutils read and write it", () => {
  const folder = mkdtempSync(join(tmpdir(), "checksums-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const names = [
    "plain",
    "with space",
    " leading",
    "*star",
    "grüße",
    "back\\slash",
    "new\nline",
    "cr\rhere",
  ];
  for (const name of names) writeFileSync(join(folder, name), `content of ${name}`);
  const ask = (file: string, ...args: string[]) =>
    execFileSync(file, args, { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

  it.each(ALGORITHMS)("%ssum -c accepts ours, and we read all it writes", async (algorithm) => {
    const checksums = await Promise.all(
      names.map(async (name) => {
        const found = await digest(
          () => Readable.from([Buffer.from(`content of ${name}`)]),
          [algorithm],
        );
        return { name, digest: found[algorithm] };
      }),
    );
    writeFileSync(join(folder, "checksums.txt"), formatChecksums(checksums));
    expect(ask(`${algorithm}sum`, "--strict", "-c", "checksums.txt").match(/OK$/gm)).toHaveLength(
      8,
    );
    for (const style of [["--text"], ["--binary"], ["--tag"]]) {
      const read = parseChecksums(ask(`${algorithm}sum`, ...style, "--", ...names), "x");
      expect(read.map(({ name, digest }) => ({ name, digest }))).toEqual(checksums);
      expect(new Set(read.map((line) => line.algorithm))).toEqual(new Set([algorithm]));
    }
    rmSync(join(folder, "checksums.txt"));
  });

  it("writes the lines that sha256sum writes", async () => {
    const lines = await Promise.all(
      names.map(async (name) => {
        const found = await digest(() => Readable.from([Buffer.from(`content of ${name}`)]));
        return formatChecksums([{ name, digest: found.sha256 }]);
      }),
    );
    expect(lines.join("")).toBe(ask("sha256sum", "--", ...names));
  });
});
