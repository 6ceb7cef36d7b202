import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Manifest } from "../../src/model/manifest.ts";
import { call, treeOf } from "../support/program.ts";
import { PROGRAM, type Repository, repositoryOf } from "../support/repository.ts";

const TARGETS = "--targets=linux/amd64,windows/arm64";

/** A repository with a dry release in `dist`. */
const released = async (...more: readonly string[]): Promise<Repository> => {
  const repository = repositoryOf(PROGRAM);
  const { status, stderr } = await call([TARGETS, ...more], repository.folder);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  return repository;
};

describe("verify", () => {
  it("finds a release sound, builds it again to the same bytes, and leaves no trace", async () => {
    const { folder } = await released();
    const before = treeOf(folder);
    const { status, stdout } = await call(["verify", "dist", "--rebuild"], folder);
    expect(status).toBe(0);
    expect(stdout).toContain("✓ built again: every byte is the same\n");
    expect(stdout).toContain("a throw-away key, which proves nothing");
    expect(treeOf(folder)).toEqual(before);
  });

  it("names what another commit makes different", async () => {
    const repository = await released("--no-provenance");
    const path = join(repository.folder, "dist", "manifest.json");
    repository.commit();
    const elsewhere = await call(["verify", "dist", "--rebuild"], repository.folder);
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toContain("check the tag out: `git checkout v1.2.3`");

    const manifest = Manifest.parse(JSON.parse(readFileSync(path, "utf8")));
    const commit = repository.git("rev-parse", "HEAD");
    const release = { ...manifest.plan.release, commit };
    writeFileSync(path, JSON.stringify({ ...manifest, plan: { ...manifest.plan, release } }));
    const { status, stderr } = await call(["verify", "dist", "--rebuild"], repository.folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/settings\.vcs\.revision was \w+, rebuilt it is/u);
  });

  it("builds nothing again that is not sound, or that would be written elsewhere", async () => {
    const { folder } = await released("--no-provenance");
    const dist = join(folder, "dist");
    const path = join(dist, "manifest.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(join(dist, "more.zip"), "x");
    const unsound = await call(["verify", "dist", "--rebuild"], folder);
    expect(unsound.status).toBe(1);
    expect(unsound.stderr).not.toContain("build linux/amd64");
    rmSync(join(dist, "more.zip"));

    const manifest = Manifest.parse(JSON.parse(text));
    const [first, ...others] = manifest.plan.builds;
    const programs = first?.programs.map((one) => ({ ...one, binary: "../../../escaped" })) ?? [];
    const builds = [{ ...first, programs }, ...others];
    writeFileSync(path, JSON.stringify({ ...manifest, plan: { ...manifest.plan, builds } }));
    const outside = await call(["verify", "dist", "--rebuild"], folder);
    expect(outside.status).toBe(1);
    expect(outside.stderr).toContain('a program would be named "../../../escaped"');
  });

  it.each([
    [
      "a byte more",
      (dist: string) => appendFileSync(join(dist, "checksums.txt"), "x"),
      "checksums.txt: it is",
    ],
    [
      "a file less",
      (dist: string) => rmSync(join(dist, "tool_1.2.3_linux_amd64.tar.gz")),
      "tool_1.2.3_linux_amd64.tar.gz",
    ],
    ["a file more", (dist: string) => writeFileSync(join(dist, "more.zip"), "x"), "more.zip"],
  ])("%s makes it unsound", async (_, damage, says) => {
    const { folder } = await released();
    damage(join(folder, "dist"));
    const { status, stderr, stdout } = await call(["verify", "dist", "--json"], folder);
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "unsound" } });
  });

  it("is told apart from what is no release", async () => {
    const { status, stderr } = await call(["verify", "nowhere"], repositoryOf(PROGRAM).folder);
    expect(status).toBe(2);
    expect(stderr).toContain("verify: nowhere is neither a folder");
  });
});
