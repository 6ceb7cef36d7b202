import { type Config, configure } from "../../src/config/config.ts";
import { noFile } from "../../src/config/file.ts";
import type { InputName } from "../../src/config/inputs.ts";
import type { Facts } from "../../src/facts/facts.ts";
import type { GitFacts } from "../../src/git/git-facts.ts";
import type { Surroundings } from "../../src/model/surroundings.ts";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
export const PARENT = "fedcba9876543210fedcba9876543210fedcba98";

export const PLATFORMS = [
  "darwin/amd64",
  "darwin/arm64",
  "freebsd/amd64",
  "js/wasm",
  "linux/386",
  "linux/amd64",
  "linux/arm",
  "linux/arm64",
  "linux/mips",
  "linux/riscv64",
  "wasip1/wasm",
  "windows/amd64",
  "windows/arm64",
];

/** A clean repository whose HEAD has these tags. */
export function gitWith(
  tags: readonly string[] = ["v1.2.3"],
  more: Partial<GitFacts> = {},
): GitFacts {
  return {
    commit: COMMIT,
    date: "2026-01-31T12:34:56Z",
    dirty: [],
    shallow: false,
    tags: tags.map((name) => ({ name, commit: COMMIT, merged: true })),
    ...more,
  };
}

/** What was seen of a module with one program at its root. */
export function factsOf(more: Partial<Facts> = {}): Facts {
  return {
    module: { path: "example.com/tool", folder: ".", vendored: false },
    git: gitWith(),
    go: { version: "go1.26.8", platforms: PLATFORMS },
    programs: [[{ importPath: "example.com/tool", package: ".", platforms: PLATFORMS }]],
    files: [[{ source: "LICENSE", name: "LICENSE", executable: false }]],
    extraFiles: [],
    env: {},
    mainFiles: [],
    stamped: [],
    notes: {
      changelogs: [],
      commits: [{ hash: COMMIT, subject: "feat: a thing" }],
      moreCommits: 0,
      incomplete: false,
    },
    differences: [],
    pointers: [],
    modified: [],
    outputEmbedded: false,
    ...more,
  };
}

export const TERMINAL: Surroundings = { ci: false, folder: "/home/someone/tool" };

/** A configuration as flags give it. */
export function configOf(flags: Partial<Record<InputName, unknown>> = {}): Config {
  return configure("release", {
    flags: Object.entries(flags).map(([name, raw]) => ({
      name: name as InputName,
      raw,
      where: `--${name}`,
      from: "flag",
    })),
    host: [],
    environment: [],
    file: noFile,
  });
}
