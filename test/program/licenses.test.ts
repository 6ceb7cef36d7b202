import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf, type Tree } from "../support/repository.ts";

function inFolder(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, text]) => [`cli/${path}`, text]));
}

const { LICENSE: _, ...unlicensed } = PROGRAM;

it.each<[string, Tree, readonly string[]]>([
  ["its own license", PROGRAM, ["LICENSE"]],
  ["none", unlicensed, ["../LICENSE.md"]],
])("a module in a folder with %s", async (_, module, expected) => {
  const tree = { ...inFolder(module), "LICENSE.md": "MIT\n", "license.go": "package root\n" };
  const { folder } = repositoryOf(tree, "cli/v1.0.0");
  const argv = ["--targets=linux/amd64", "--sbom=none", "--json"];
  const { status, stdout } = await call(["plan", ...argv], join(folder, "cli"));
  expect(status).toBe(0);
  const { archives } = JSON.parse(stdout) as Plan;
  expect(archives[0]?.files.map(({ source }) => source)).toEqual(expected);

  expect((await call(argv, join(folder, "cli"))).status).toBe(0);
  const archive = join(folder, "cli/dist", archives[0]?.name ?? "");
  const names = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");
  expect(names).toContain(expected[0]?.replace("../", ""));
});
