import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { pathWith, pathWithGo } from "../../support/path.ts";
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

/** Says of itself that it is one. */
const ANOTHER_GO = `export GOTOOLCHAIN=local
"$REAL" "$@" | sed 's/"GOVERSION": "[^"]*"/"GOVERSION": "go1.21.99"/'`;

function changed(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

const publish = ["publish", TARGETS, "--from=parts"];

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
      "  → give the folder that contains the shards' outputs",
    ),
  },
  {
    name: "a folder without shards",
    tree: { ...PROGRAM, "parts/readme.txt": "" },
    argv: publish,
    says: lines(
      "error: from: no manifest.json under <folder>/parts",
      "  → run `build --shard I/N` first and download its output",
    ),
  },
  {
    name: "no output folder to search",
    argv: ["publish"],
    says: lines(
      "error: from: <folder>/dist is not a folder",
      "  → give the folder that contains the shards' outputs",
    ),
  },
  {
    name: "a manifest that is no JSON",
    tree: { ...PROGRAM, "parts/1/manifest.json": "{" },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1/manifest.json is not JSON",
      "  because Expected property name or '}' in JSON at position 1",
      "  → build that shard again",
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
      "  → build every shard with the same version of this program",
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
    says: lines("error: shard 2/2 is missing", "  → build it and download its output as well"),
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
    opens: "dist",
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
    opens: "dist",
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
      'error: <folder>/parts/1 was planned differently from this checkout: release ("v1.2.3 at <hash>" there, "v1.2.3 at <hash>" here), builds',
      "  → plan, build and publish the same commit, with the same Go version, configuration and inputs",
    ),
  },
  {
    name: "a shard of other targets",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: ["publish", "--targets=linux/amd64", "--from=parts"],
    says: lines(
      "error: <folder>/parts/1 was planned differently from this checkout: builds, archives",
      "  → plan, build and publish the same commit, with the same Go version, configuration and inputs",
    ),
  },
  {
    name: "a plan that is not the one which was reported",
    tree: { ...IGNORING, "parts/1/manifest.json": "{}" },
    argv: ["build", TARGETS, `--plan-digest=${"0".repeat(64)}`],
    says: lines(
      `error: this job plans <digest> of <hash> with <go>, and \`plan-digest\` says ${"0".repeat(64)}`,
      "  → use the same commit, Go version, configuration and inputs in every job; compare the output of `plan --json` to see where they differ",
    ),
  },
  {
    name: "a job without Go",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: publish,
    env: { PATH: pathWith("git") },
    says: lines(
      "error: `go` cannot be started",
      "  because there is no go on PATH",
      "  → install Go and put it on PATH, or set `go-version`",
    ),
  },
  {
    name: "a job with another Go",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: publish,
    env: { PATH: pathWithGo(ANOTHER_GO) },
    says: lines(
      'error: <folder>/parts/1 was planned differently from this checkout: go ("<go>" there, go1.21.99 here)',
      "  → use the same Go version in every job: in CI pass the output `go-version` of `plan` to each, or set `go-version: <goversion>` here",
    ),
  },
  {
    name: "shards of a release cut in another number of parts",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1", "2/2");
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/1 is one of 1 shards, and <folder>/parts/2 one of 2",
      "  → build the shards in the pipeline that publishes them, and download only those",
    ),
  },
  {
    name: "a release instead of shards",
    tree: { ...PROGRAM, ".gitignore": "whole\n" },
    prepare: async ({ folder }) => {
      expect(await call([TARGETS, "--output=whole"], folder)).toMatchObject({ status: 0 });
      return undefined;
    },
    argv: ["publish", TARGETS, "--from=whole"],
    says: lines(
      "error: <folder>/whole contains a release, not a shard",
      "  → build shards with `build`",
    ),
  },
  {
    name: "an artifact that is only named like a shard",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      repository.write({ "parts/shard-7/evil.tar.gz": "evil" });
      return undefined;
    },
    argv: publish,
    says: lines(
      "error: <folder>/parts/shard-7 has no manifest.json",
      "  → make sure no other job uploads artifacts named like shards",
    ),
  },
  {
    name: "a shard that its job did not report",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/2", "2/2");
      return undefined;
    },
    argv: [...publish, `--shard-digests={"shard-2":"${"0".repeat(64)}"}`],
    says: lines(
      "error: <folder>/parts/1 is shard 1/2, and shards 2 were reported by their jobs",
      "  → give each build job an output `shard-N` in `shard-digests`; make sure no other job uploads artifacts named like shards, then run all jobs again",
    ),
  },
  {
    name: "a shard that is another than its job reported",
    tree: IGNORING,
    prepare: async (repository) => {
      await built(repository, "1/1");
      return undefined;
    },
    argv: [...publish, `--shard-digests={"shard-1":"${"0".repeat(64)}","other":"output"}`],
    says: lines(
      `error: <folder>/parts/1 is not what its job produced: manifest.json has <digest>, but the job reported ${"0".repeat(64)}`,
      "  → make sure no other job uploads artifacts named like shards, then run all jobs again",
    ),
  },
  {
    name: "digests that are none",
    argv: [...publish, "--shard-digests={}"],
    status: 2,
    says: lines('error: --shard-digests: must be JSON like {"shard-1": "0a1b…"}; got "{}"'),
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
      "error: tag v1.2.4 is not in this clone",
      "  → fetch it with `git fetch --tags`, or create it with `git tag v1.2.4`",
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
      "error: shard 1/1 is in <folder>/parts/1 and, with other contents, in <folder>/parts/2",
      "  → remove the stale one; in CI, make sure no other job uploads artifacts named like shards",
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
      "error: <folder>/parts/1 does not contain tool_1.2.3_linux_amd64.tar.gz",
      "  → build that shard again and download all of its output",
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
      "error: <folder>/parts/1/manifest.json has schema 2, but this version supports 1",
      "  → use the version of this program that built it",
    ),
  },
]);
