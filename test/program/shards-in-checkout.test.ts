import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { PROGRAM, type Repository, repositoryOf, temporaryFolder } from "../support/repository.ts";

const TARGETS = "--targets=linux/amd64";

/** A tagged clone with a shard in `shards/shard-1`, as an artifact without its hidden files. */
async function withShard(): Promise<Repository> {
  const repository = repositoryOf(PROGRAM);
  const clone = temporaryFolder();
  repository.git("clone", "-q", `file://${repository.folder}`, clone);
  expect(await call(["build", TARGETS], clone)).toMatchObject({ status: 0 });
  const shard = join(repository.folder, "shards/shard-1");
  cpSync(join(clone, "dist"), shard, { recursive: true });
  rmSync(join(shard, ".gitignore"));
  return repository;
}

describe("shards that lie in the checkout", () => {
  const publish = ["publish", TARGETS, "--from=shards"];
  /** A dry run would only tell. */
  const real = [...publish, "--dry-run=false", "--forge=directory"];

  it("do not make it dirty", async () => {
    const { folder } = await withShard();
    const { status, stderr } = await call(publish, folder);
    expect(stderr).toContain("✓ inspect tool_1.2.3_linux_amd64.tar.gz");
    expect(status).toBe(0);
  });

  it("do not hide what does", async () => {
    const { folder } = await withShard();
    writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() {}\n");
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more/notes.txt"), "");
    const { status, stderr } = await call(real, folder);
    expect(stderr).toContain(
      "the work tree is dirty, and a release of v1.2.3 would be refused: main.go, more/notes.txt\n",
    );
    expect(status).toBe(1);
  });

  it("are not even looked for among what was committed and changed", async () => {
    const repository = await withShard();
    repository.git("add", "-f", "shards");
    repository.commit();
    repository.git("tag", "-f", "v1.2.3");
    writeFileSync(join(repository.folder, "shards/shard-1/plan.json"), "{}");
    const { status, stderr } = await call(real, repository.folder);
    expect(stderr).toContain(
      "the work tree is dirty, and a release of v1.2.3 would be refused: shards/shard-1/plan.json",
    );
    expect(status).toBe(1);
  });
});
