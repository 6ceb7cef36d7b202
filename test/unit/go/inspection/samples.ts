import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenFile } from "../../../../src/world/world.ts";

/** One way to build the sample program with the real `go`. */
export interface Sample {
  readonly name: string;
  readonly os: string;
  readonly arch: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

export const MODULE = "example.com/inspected/v2";

function go(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return execFileSync("go", args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, GOFLAGS: "", GOENV: "off", GOTOOLCHAIN: "local", ...env },
  });
}

/** Kept between runs: one folder for each toolchain. */
const version = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
const folder = join(tmpdir(), `go-release-samples-${version.replace(/[^\w.]/g, "-")}`);

const program = {
  "go.mod": `module ${MODULE}\n\ngo 1.22\n`,
  "main.go": 'package main\n\nfunc main() { println("hello") }\n',
  "libc.go":
    'package main\n\n// int answer(void) { return 42; }\nimport "C"\n\nfunc init() { println(int(C.answer())) }\n',
};

/** Test files run side by side: nobody may see half a file. */
function writeOnce(path: string, text: string): void {
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** The path of the built program; built once. */
export function build(sample: Sample): string {
  const path = join(folder, sample.name);
  if (existsSync(path)) return path;
  for (const [file, text] of Object.entries(program)) writeOnce(join(folder, file), text);
  const environment = { GOOS: sample.os, GOARCH: sample.arch, CGO_ENABLED: "0", ...sample.env };
  const temporary = `${path}.${process.pid}`;
  const flags = sample.flags ?? ["-trimpath", "-ldflags=-s -w"];
  go(["build", "-buildvcs=false", ...flags, "-o", temporary, "."], environment);
  renameSync(temporary, path);
  return path;
}

export const goVersion = version;

/** What Go itself reads of a binary. */
export function goVersionOf(path: string): unknown {
  return JSON.parse(go(["version", "-m", "-json", path]));
}

/** A file in memory that counts what is read of it. */
export function inMemory(bytes: Uint8Array): OpenFile & { readonly count: () => number } {
  let count = 0;
  return {
    size: bytes.length,
    count: () => count,
    read: async (position, length) => {
      if (position < 0 || length < 0 || position + length > bytes.length) {
        throw new Error(`read of ${length} bytes at ${position}`);
      }
      count += length;
      return bytes.subarray(position, position + length);
    },
    close: async () => {},
  };
}

export function bytesOf(sample: Sample): Buffer {
  return readFileSync(build(sample));
}
