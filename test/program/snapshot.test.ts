import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { call, plainEnvironment } from "../support/program.ts";
import { MAIN, repositoryOf } from "../support/repository.ts";

/** The version that the real `go build` stamps, without `v`. */
function stamped(folder: string): string | undefined {
  const binary = join(folder, ".git", "stamped");
  const env = { ...plainEnvironment(), GOENV: "off" };
  execFileSync("go", ["build", "-buildvcs=true", "-o", binary, "."], { cwd: folder, env });
  const said = execFileSync("go", ["version", "-m", binary], { encoding: "utf8", env });
  return /^\tmod\t\S+\tv(\S+)/mu.exec(said)?.[1];
}

interface Row {
  readonly name: string;
  readonly module?: string;
  readonly folder?: string;
  readonly tags: readonly string[];
  readonly dirty?: true;
}

const rows: readonly Row[] = [
  { name: "no tag", tags: [] },
  { name: "a release", tags: ["v1.2.3"] },
  { name: "a prerelease", tags: ["v1.2.3-rc.1"] },
  { name: "several", tags: ["v0.9.0", "v0.10.0", "v0.10.0-rc.1"] },
  { name: "a dirty tree", tags: ["v1.2.3"], dirty: true },
  { name: "no tag and a dirty tree", tags: [], dirty: true },
  { name: "words", tags: ["latest", "stable"] },
  { name: "a major version of its own", module: "example.com/tool/v2", tags: ["v1.9.0", "v2.3.4"] },
  {
    name: "a major version that was never tagged",
    module: "example.com/tool/v3",
    tags: ["v1.9.0"],
  },
  { name: "later tags without the path for them", tags: ["v1.9.0", "v2.3.4"] },
  { name: "build metadata", tags: ["v1.2.3+meta"] },
];

it.each(rows)("a snapshot after $name has the version that go stamps", async (row) => {
  const { module = "example.com/tool", folder = ".", tags } = row;
  const repository = repositoryOf(
    { [join(folder, "go.mod")]: `module ${module}\n\ngo 1.21\n`, [join(folder, "main.go")]: MAIN },
    null,
  );
  for (const tag of tags) repository.git("tag", tag);
  repository.write({ [join(folder, "more.txt")]: "" });
  repository.commit();
  if (row.dirty) repository.write({ [join(folder, "dirty.txt")]: "" });
  const home = join(repository.folder, folder);
  const { status, stdout } = await call(["plan", "--json", "--targets=linux/amd64"], home);
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as Plan).release.version).toBe(stamped(home));
});

it("a dry run of a tag in a dirty tree is made, and says what a release would refuse", async () => {
  const repository = repositoryOf({
    "go.mod": "module example.com/tool\n\ngo 1.21\n",
    "main.go": MAIN,
  });
  repository.write({ "main.go": `${MAIN}\n// changed\n` });
  const { status, stderr } = await call(["--targets=linux/amd64"], repository.folder);
  expect(status).toBe(0);
  expect(stderr).toContain(
    "the work tree is dirty, and a release of v1.2.3 would be refused: main.go",
  );
});
