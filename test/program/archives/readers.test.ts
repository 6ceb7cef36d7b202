import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archives } from "../../../src/archives/index.ts";
import { sortedEntries } from "../../../src/archives/sorted-entries.ts";
import { bytesOf, DATE, pack, SAMPLE, sha256, unpack } from "../../unit/archives/samples.ts";

/** What others make of our archives: GNU tar, Info-ZIP, gzip, zstd, Python and Go. */
function reader(name: string) {
  return fileURLToPath(new URL(`readers/${name}`, import.meta.url));
}
const folder = mkdtempSync(join(tmpdir(), "readers-"));
const zstd = "createZstdCompress" in zlib;
const env = { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" };
function ask(file: string, ...args: string[]) {
  return execFileSync(file, args, {
    encoding: "utf8",
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}
function has(file: string, ...args: string[]) {
  try {
    execFileSync(file, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Member {
  readonly name: string;
  readonly mode: string;
  readonly time: string;
  readonly size: number;
  readonly sha256: string;
}

function expected(time: string): Promise<Member[]> {
  return Promise.all(
    sortedEntries(SAMPLE).map(async (entry) => ({
      name: entry.name,
      mode: entry.executable ? "0755" : "0644",
      time,
      size: entry.size,
      sha256: sha256(await bytesOf(entry)),
    })),
  );
}

beforeAll(async () => {
  for (const [name, format] of Object.entries(archives))
    if (zstd || name !== "tar.zst") writeFileSync(join(folder, `a.${name}`), await pack(format));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ["tar.gz", "2024-02-29T12:34:57Z"],
  ["zip", "2024-02-29T12:34:56Z"],
])("%s", (name, time) => {
  it.runIf(has("go", "version"))("is read by Go", { timeout: 60_000 }, async () => {
    const said = ask("go", "run", reader("main.go"), join(folder, `a.${name}`));
    expect(JSON.parse(said)).toEqual(await expected(time));
  });

  it.runIf(has("python3", "--version"))("is read by Python", async () => {
    const said = ask("python3", reader("list.py"), join(folder, `a.${name}`));
    expect(JSON.parse(said)).toEqual(await expected(time));
  });
});

describe.runIf(has("tar", "--version"))("GNU tar", () => {
  it("lists tar.gz", () => {
    const lines = ask("tar", "--quoting-style=literal", "--full-time", "-tvzf", "a.tar.gz")
      .trim()
      .split("\n");
    expect(
      lines.map((line) =>
        line
          .split(/\s+/)
          .slice(0, 5)
          .concat(line.split(/\s+/).at(-1) ?? ""),
      ),
    ).toEqual(
      sortedEntries(SAMPLE).map((entry) => [
        entry.executable ? "-rwxr-xr-x" : "-rw-r--r--",
        "0/0",
        String(entry.size),
        "2024-02-29",
        "12:34:57",
        entry.name,
      ]),
    );
  });

  it.each(["tar.gz", ...(zstd && has("zstd", "--version") ? ["tar.zst"] : [])])(
    "unpacks %s",
    async (name) => {
      const target = mkdtempSync(join(folder, "out-"));
      ask("tar", "--no-same-owner", "-C", target, "-xf", `a.${name}`);
      for (const entry of SAMPLE)
        expect(readFileSync(join(target, entry.name)).equals(await bytesOf(entry))).toBe(true);
      expect(statSync(join(target, "hello")).mode & 0o777).toBe(0o755);
      expect(statSync(join(target, "hello")).mtime).toEqual(DATE);
    },
  );
});

describe("the tools of each format", () => {
  it.runIf(has("gzip", "--version"))("gzip -t", () => {
    ask("gzip", "-t", "a.tar.gz");
  });

  it.runIf(zstd && has("zstd", "--version"))("zstd -t", () => {
    ask("zstd", "-q", "-t", "a.tar.zst");
  });

  it.runIf(has("unzip", "-v"))("unzip -t and unzip", async () => {
    expect(ask("unzip", "-t", "a.zip")).toContain("No errors detected");
    const target = mkdtempSync(join(folder, "out-"));
    ask("unzip", "-q", "a.zip", "-d", target);
    for (const entry of SAMPLE)
      expect(readFileSync(join(target, entry.name)).equals(await bytesOf(entry))).toBe(true);
    expect(statSync(join(target, "hello")).mode & 0o777).toBe(0o755);
  });

  it.runIf(has("zipinfo", "-h"))("zipinfo finds no extra fields and nothing of the machine", () => {
    const said = ask("zipinfo", "-v", "a.zip");
    expect(said.match(/length of extra field: +0 bytes/g)).toHaveLength(SAMPLE.length);
    expect(said).not.toMatch(/zip64|local extra field/i);
  });
});

/** And what we make of theirs. */
describe("an archive that another program made", () => {
  let folder: string;
  const long = `${"deep/".repeat(40)}tool`;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "contents-"));
    mkdirSync(join(folder, long, ".."), { recursive: true });
    writeFileSync(join(folder, long), "deep");
    writeFileSync(join(folder, "empty"), "");
    writeFileSync(join(folder, "large"), Buffer.alloc(3 << 20, 7));
    symlinkSync("empty", join(folder, "link"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const expected = new Map([
    [long, sha256(Buffer.from("deep"))],
    ["empty", sha256(Buffer.from(""))],
    ["large", sha256(Buffer.alloc(3 << 20, 7))],
  ]);

  it.each([
    ["GNU's tar", archives["tar.gz"], "a.tar.gz", ["tar", "--format=pax", "-czf"]],
    ["Python's zip", archives.zip, "b.zip", ["python3", "-m", "zipfile", "-c"]],
  ] as const)("%s", async (_who, format, name, [program, ...args]) => {
    const inside = program === "tar" ? [...expected.keys(), "link"] : ["deep", "empty", "large"];
    execFileSync(program, [...args, name, ...inside], { cwd: folder });
    const found = await unpack(format, readFileSync(join(folder, name)));
    expect(new Map(found)).toEqual(expected);
  });
});
