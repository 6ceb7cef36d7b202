import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { OutputFolder } from "../../../src/output/output-folder.ts";
import { isOfAKilledRun } from "../../../src/output/remains.ts";
import { files } from "../../../src/world/node/files.ts";
import { treeOf } from "../../support/program.ts";
import { type Tree, temporaryFolder } from "../../support/repository.ts";

/** Everything that a run may have made in its output folder when it is killed; a path with a slash at its end is a folder. */
const REMAINS: Readonly<Record<string, Tree>> = {
  "half a mark": { ".gitignore.4711.tmp": "# Out" },
  "a mark of no bytes": { ".gitignore": "" },
  "work that has begun": { ".work/release/": "", ".work/tmp/": "" },
  "a compiler's folders": { ".work/tmp/go-build17/b001/importcfg": "# import config\n" },
  "a compiler's output": { ".work/build/0/tool": "\u007fELF" },
  "what git is shown": { ".work/clone/.git/HEAD": "0123" },
  "a dead claim": { ".lock/c0ffee-2147483646-7-0badcafe": "" },
  "a lock that nobody claims": { ".lock/": "" },
};

function lay(folder: string, ...trees: readonly Tree[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of trees.flatMap((tree) => Object.entries(tree))) {
    const at = join(folder, path);
    mkdirSync(path.endsWith("/") ? at : dirname(at), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(at, text);
  }
}

/** Every subset of the names. */
function subsets(names: readonly string[]): readonly (readonly string[])[] {
  return names.reduce<readonly (readonly string[])[]>(
    (all, name) => [...all, ...all.map((some) => [...some, name])],
    [[]],
  );
}

describe("an output folder that a killed run left without its mark", () => {
  it("is taken and cleared, whatever of it is left", async () => {
    const root = temporaryFolder();
    for (const [at, names] of subsets(Object.keys(REMAINS)).entries()) {
      const folder = join(root, String(at));
      lay(folder, ...names.map((name) => REMAINS[name] ?? {}));
      expect(await isOfAKilledRun(folder, folder, files), names.join(", ")).toBe(true);
      const output = await OutputFolder.open(folder, files);
      expect(readdirSync(folder).sort(), names.join(", ")).toEqual([
        ".gitignore",
        ".lock",
        ".work",
      ]);
      expect(Object.keys(treeOf(output.work))).toEqual(["release", "tmp"]);
      await output.abandon();
      expect(readdirSync(folder)).toEqual([".gitignore"]);
    }
  });

  it.each<[string, Tree]>([
    ["a file", { "precious.txt": "mine\n" }],
    ["a .gitignore", { ".gitignore": "*.log\n" }],
    ["more in a mark", { ".gitignore": "# Output of a release: mine\n" }],
    ["a folder .work", { ".work/precious.txt": "mine\n" }],
    ["a file .work", { ".work": "mine\n" }],
    ["a folder .lock", { ".lock/precious.txt": "mine\n" }],
    ["a file .lock", { ".lock": "mine\n" }],
    ["a folder for the mark", { ".gitignore/": "" }],
  ])("is not taken for ours when %s of somebody is in it", async (_, mine) => {
    const top = Object.keys(mine)[0]?.split("/")[0];
    const beside = Object.values(REMAINS).filter(
      (tree) => Object.keys(tree)[0]?.split("/")[0] !== top,
    );
    for (const tree of [{}, ...beside]) {
      const folder = join(temporaryFolder(), "dist");
      lay(folder, tree, mine);
      const before = treeOf(folder);
      await expect(OutputFolder.open(folder, files)).rejects.toMatchObject({
        code: "output-taken",
      });
      expect(await isOfAKilledRun(folder, folder, files)).toBe(false);
      expect(treeOf(folder)).toEqual(before);
    }
  });
});

describe("what git shows of a killed run", () => {
  const output = (root: string) => join(root, "out/of/release");

  it.each(["out/", "out/of/", "out/of/release/", "out/of/release/.work/tmp/x"])(
    "is known at %s",
    async (path) => {
      const root = temporaryFolder();
      lay(output(root), { ".work/tmp/x": "" });
      expect(await isOfAKilledRun(join(root, path), output(root), files)).toBe(true);
    },
  );

  it.each(["out/mine", "out/of/mine", "out/of/release/mine"])(
    "is not, when there is %s too",
    async (path) => {
      const root = temporaryFolder();
      lay(output(root), { ".work/tmp/x": "" });
      lay(root, { [path]: "" });
      expect(await isOfAKilledRun(join(root, "out"), output(root), files)).toBe(false);
    },
  );

  it("is nothing of a folder beside it", async () => {
    const root = temporaryFolder();
    lay(output(root), { ".work/tmp/x": "" });
    lay(join(root, "other"), { ".work/tmp/x": "" });
    expect(await isOfAKilledRun(join(root, "other"), output(root), files)).toBe(false);
  });
});
