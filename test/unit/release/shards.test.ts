import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plan } from "../../../src/plan/plan.ts";
import { archivesOf, matrix } from "../../../src/release/matrix.ts";
import { configOf, factsOf, TERMINAL } from "../../support/facts.ts";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf, temporaryFolder } from "../../support/repository.ts";
import { namesIn, unsound, wholeRelease } from "../../support/soundness.ts";

const planned = plan({
  config: configOf(),
  facts: factsOf(),
  surroundings: TERMINAL,
  generator: "1.0.0",
});

describe("the matrix", () => {
  it.each([1, 2, 4, 6, 9])("of %i parts holds every archive once", (count) => {
    const rows = matrix(planned, count);
    expect(rows).toHaveLength(Math.min(count, 6));
    expect(rows.flatMap(({ targets }) => targets.split(" ")).sort()).toEqual(
      planned.builds.map(({ id }) => id).sort(),
    );
    for (const [index, { shard }] of rows.entries())
      expect(shard).toBe(`${index + 1}/${rows.length}`);
  });

  it("gives no part all of one system", () => {
    expect(archivesOf(planned, { index: 1, count: 3 }).map(({ target }) => target?.os)).toEqual([
      "linux",
      "darwin",
    ]);
  });
});

describe("the matrix by operating system", () => {
  const byOs = { ...planned, shardBy: "os" as const };

  it("has machines of one system in each part, and more parts for more archives", () => {
    const rows = matrix(byOs, 4, { linux: "ubuntu-24.04" });
    expect(rows.map((row) => [row.shard, row["runs-on"], row.targets])).toEqual([
      ["1/4", "ubuntu-24.04", "linux/amd64"],
      ["2/4", "ubuntu-24.04", "linux/arm64"],
      ["3/4", "macos-latest", "darwin/amd64 darwin/arm64"],
      ["4/4", "windows-latest", "windows/amd64 windows/arm64"],
    ]);
  });

  it.each([3, 4, 5, 6, 9])("of %i parts holds every archive once", (count) => {
    const parts = matrix(byOs, count).map(({ index, count: all }) =>
      archivesOf(byOs, { index, count: all }),
    );
    expect(
      parts
        .flat()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(planned.archives.map(({ name }) => name).sort());
    expect(parts.every((part) => part.length > 0)).toBe(true);
  });

  it("needs a part for each", () => {
    expect(() => matrix(byOs, 2)).toThrow(
      "2 shards are fewer than the operating systems linux, darwin, windows",
    );
  });

  it("leaves every part on one kind of machine where archives are dealt out", () => {
    expect(new Set(matrix(planned, 3).map((row) => row["runs-on"]))).toEqual(
      new Set(["ubuntu-latest"]),
    );
  });
});

describe("shards of several machines", () => {
  const TARGETS = "--targets=linux/amd64,linux/arm64,windows/amd64";
  const checksums = (folder: string): string => readFileSync(join(folder, "checksums.txt"), "utf8");

  it("become the release that one machine makes, wherever they lie", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "parts\n" });
    const { folder } = repository;
    expect(await call([TARGETS], folder)).toMatchObject({ status: 0 });
    const whole = checksums(join(folder, "dist"));
    const { stdout } = await call(["plan", TARGETS, "--shards=2"], folder);
    const { include } = JSON.parse(stdout) as { include: { shard: string }[] };
    for (const { shard } of include) {
      const clone = temporaryFolder();
      repository.git("clone", "-q", `file://${folder}`, clone);
      expect(await call(["build", TARGETS, `--shard=${shard}`], clone)).toMatchObject({
        status: 0,
      });
      mkdirSync(join(folder, "parts"), { recursive: true });
      cpSync(join(clone, "dist"), join(folder, "parts", shard.replace("/", "-")), {
        recursive: true,
      });
    }
    expect(await call(["publish", TARGETS, "--from=parts"], folder)).toMatchObject({ status: 0 });
    expect(checksums(join(folder, "dist"))).toBe(whole);
    expect(unsound(join(folder, "dist"))).toEqual([]);

    // Downloaded into the output folder itself, as a CI's artifacts often are.
    cpSync(join(folder, "parts"), join(folder, "out"), { recursive: true });
    expect(await call(["publish", TARGETS, "--output=out"], folder)).toMatchObject({ status: 0 });
    expect(checksums(join(folder, "out"))).toBe(whole);
    expect(namesIn(join(folder, "out"))).toEqual(wholeRelease(join(folder, "out")));
  });
});
