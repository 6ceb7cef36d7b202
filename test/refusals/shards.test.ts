import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { call } from "../support/program.ts";
import { lines, refuses } from "../support/refusal.ts";
import { PROGRAM, type Repository, type Tree } from "../support/repository.ts";

const TARGETS = "--targets=linux/amd64,linux/arm64";
const IGNORING: Tree = { ...PROGRAM, ".gitignore": "parts\n" };

/** Builds shards into `parts/I`, as jobs of their own would. */
const built = async ({ folder }: Repository, ...parts: readonly string[]): Promise<void> => {
  for (const part of parts) {
    const argv = ["build", TARGETS, `--shard=${part}`, `--output=parts/${part.charAt(0)}`];
    expect(await call(argv, folder)).toMatchObject({ status: 0 });
  }
};

const changed = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, "utf8")));

const publish = ["publish", "--from=parts"];

refuses("shards", [
  {
    name: "a shard with nothing to build",
    argv: ["build", TARGETS, "--shard=3/3"],
    opens: "dist",
    says: "?",
  },
  { name: "no folder of shards", argv: publish, says: "?" },
  {
    name: "a folder without shards",
    tree: { ...PROGRAM, "parts/readme.txt": "" },
    argv: publish,
    says: "?",
  },
  { name: "no output folder to search", argv: ["publish"], says: "?" },
  {
    name: "a manifest that is no JSON",
    tree: { ...PROGRAM, "parts/1/manifest.json": "{" },
    argv: publish,
    says: "?",
  },
  {
    name: "somebody else's manifest",
    tree: { ...PROGRAM, "parts/1/manifest.json": '{ "name": "my web app" }' },
    argv: publish,
    says: "?",
  },
  {
    name: "a missing shard",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2");
      return undefined;
    },
    argv: publish,
    says: "?",
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
    says: "?",
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
    says: "?",
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
    says: "?",
  },
  {
    name: "shards of another tag",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: [...publish, "--tag=v1.2.4"],
    says: "?",
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
    says: "?",
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
    says: "?",
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
    says: "?",
  },
]);
