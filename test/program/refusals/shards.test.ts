import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { call } from "../../support/program.ts";
import { lines, refuses } from "../../support/refusal.ts";
import { PROGRAM, type Repository, type Tree } from "../../support/repository.ts";

const TARGETS = "--targets=linux/amd64,linux/arm64";
const IGNORING: Tree = { ...PROGRAM, ".gitignore": "parts\n" };

/** Builds shards into `parts/I`, as jobs of their own would. */
async function built({ folder }: Repository, ...parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    const argv = ["build", TARGETS, `--shard=${part}`, `--output=parts/${part.charAt(0)}`];
    expect(await call(argv, folder)).toMatchObject({ status: 0 });
  }
}

function changed(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

const publish = ["publish", "--from=parts"];

refuses("shards", [
  {
    name: "a shard with nothing to build",
    argv: ["build", TARGETS, "--shard=3/3"],
    opens: "dist",
    says: lines(
      "error: shard 3/3 has nothing to build: the plan has 2 archives",
      "  → use at most 2 shards; `plan --shards N` prints a fitting matrix",
    ),
  },
  {
    name: "no folder of shards",
    argv: publish,
    says: lines(
      "error: from: <folder>/parts is not a folder",
      "  → name the folder that holds the shards' outputs",
    ),
  },
  {
    name: "a folder without shards",
    tree: { ...PROGRAM, "parts/readme.txt": "" },
    argv: publish,
    says: lines(
      "error: from: no manifest.json under <folder>/parts",
      "  → run `build --shard I/N` first and download what it wrote",
    ),
  },
  {
    name: "no output folder to search",
    argv: ["publish"],
    says: lines(
      "error: from: <folder>/dist is not a folder",
      "  → name the folder that holds the shards' outputs",
    ),
  },
  {
    name: "a manifest that is no JSON",
    tree: { ...PROGRAM, "parts/1/manifest.json": "{" },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/manifest.json is not JSON",
      "  because Expected property name or '}' in JSON at position 1",
      "  → build that part again",
    ),
  },
  {
    name: "somebody else's manifest",
    tree: { ...PROGRAM, "parts/1/manifest.json": '{ "name": "my web app" }' },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/manifest.json is not a manifest of this version",
      "  schema: Invalid input",
      "  plan: Invalid input",
      "  artifacts: Invalid input",
      "  binaries: Invalid input",
      "  timings: Invalid input",
      "  url: Invalid input",
      "  → build every part with the same version of this program",
    ),
  },
  {
    name: "a missing shard",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2");
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: no part holds tool_1.2.3_linux_arm64.tar.gz",
      "  → build the missing shard and download its output too",
    ),
  },
  {
    name: "a damaged file",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2", "2/2");
      writeFileSync(`${repository.folder}/parts/2/tool_1.2.3_linux_arm64.tar.gz`, "damaged");
      return undefined;
    },
    argv: publish,
    bundled: true,
    says: lines(
      "error: <folder>/parts/2/tool_1.2.3_linux_arm64.tar.gz is not the file that its manifest.json describes",
      "  → download the shard again, or build it again",
    ),
  },
  {
    name: "a lost file",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2", "2/2");
      rmSync(`${repository.folder}/parts/1/tool_1.2.3_linux_amd64.tar.gz`);
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/tool_1.2.3_linux_amd64.tar.gz is not the file that its manifest.json describes",
      "  → download the shard again, or build it again",
    ),
  },
  {
    name: "a shard of another commit",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2");
      repository.write({ "notes.txt": "more\n" });
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      await built(repository, "2/2");
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/2 was planned differently from <folder>/parts/1: release, builds",
      "  → build every part of the same commit, with the same Go and the same configuration",
    ),
  },
  {
    name: "shards of another tag",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: [...publish, "--tag=v1.2.4"],
    says: lines(
      "error: the shards are of v1.2.3, and this run is for v1.2.4",
      "  → build the shards in the same pipeline that publishes them",
    ),
  },
  {
    name: "two shards that differ in bytes",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      const { folder } = repository;
      const argv = ["build", TARGETS, "--shard=1/1", "--output=parts/2"];
      expect(await call(argv, folder)).toMatchObject({ status: 0 });
      changed(`${folder}/parts/2/manifest.json`, (text) =>
        text.replace(/"sha256": "[0-9a-f]/u, '"sha256": "x'),
      );
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: tool_1.2.3_linux_amd64.tar.gz is in <folder>/parts/1 and, with other bytes, in <folder>/parts/2",
      "  → remove the stale one",
    ),
  },
  {
    name: "a manifest that leads out of its folder",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      changed(`${repository.folder}/parts/1/manifest.json`, (text) =>
        text.replaceAll("tool_1.2.3_linux_amd64.tar.gz", "../../main.go"),
      );
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/main.go is not the file that its manifest.json describes",
      "  → download the shard again, or build it again",
    ),
  },
  {
    name: "a manifest of a later version",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      changed(`${repository.folder}/parts/1/manifest.json`, (text) =>
        text.replaceAll('"schema": 1', '"schema": 2'),
      );
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/manifest.json has schema 2, and this version knows 1",
      "  → use the version of this program that built it",
    ),
  },
]);
