import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { call } from "../support/program.ts";
import { emptyRepository, PROGRAM, repositoryOf } from "../support/repository.ts";

const read = (...path: readonly string[]): string => readFileSync(join(...path), "utf8");

describe("init", () => {
  it.each([
    [
      "https://github.com/octo/tool.git",
      ".github/workflows/release.yml",
      "examples/workflows/one-job.yml",
    ],
    ["git@gitlab.com:group/tool.git", ".gitlab-ci.yml", "examples/gitlab/.gitlab-ci.yml"],
  ])("of a clone of %s writes %s", async (remote, path, example) => {
    const repository = repositoryOf(PROGRAM);
    repository.git("remote", "add", "origin", remote);
    const { status, stdout } = await call(["init"], repository.folder);
    expect(status).toBe(0);
    expect(stdout).toBe(`wrote ${join(repository.folder, path)}\n`);
    expect(read(repository.folder, path)).toBe(read(example));
  });

  it("knows the forge of a repository without a commit", async () => {
    const repository = emptyRepository(PROGRAM);
    repository.git("remote", "add", "origin", "https://gitlab.com/group/tool.git");
    expect((await call(["init"], repository.folder)).stdout).toMatch(/\.gitlab-ci\.yml\n$/u);
  });

  it("writes a configuration that changes nothing, when asked", async () => {
    const repository = repositoryOf(PROGRAM);
    const argv = ["init", "--forge", "github", "--with-config"];
    expect((await call(argv, repository.folder)).status).toBe(0);
    expect(parse(read(repository.folder, ".go-release.yaml"))).toBeNull();
    repository.commit("v1.2.4");
    expect((await call(["plan", "--tag", "v1.2.4"], repository.folder)).status).toBe(0);
  });

  it("never writes over a file, nor beside it", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".go-release.yaml": "sbom: none\n" });
    const argv = ["init", "--forge", "gitlab", "--with-config"];
    const { status, stderr } = await call(argv, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain(".go-release.yaml is there already");
    expect(existsSync(join(repository.folder, ".gitlab-ci.yml"))).toBe(false);
  });

  it("asks which forge when nothing says", async () => {
    const { status, stderr } = await call(["init"], repositoryOf(PROGRAM).folder);
    expect(status).toBe(2);
    expect(stderr).toContain("give `--forge github` or `--forge gitlab`");
  });
});
