import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contained } from "../../../src/git/contained.ts";
import { repositoryRoot } from "../../../src/git/repository-root.ts";
import { files } from "../../../src/world/node/files.ts";
import { repositoryOf, temporaryFolder } from "../../support/repository.ts";

/** A repository with a module in `sub`, and a folder beside it with something in it. */
function scene() {
  const { folder: root } = repositoryOf({ "sub/go.mod": "module x\n", "shared/NOTES.md": "n\n" });
  const outside = temporaryFolder();
  writeFileSync(join(outside, "secret"), "s");
  symlinkSync(join(outside, "secret"), join(root, "sub", "out.md"));
  symlinkSync("../shared/NOTES.md", join(root, "sub", "in.md"));
  symlinkSync(outside, join(root, "sub", "folder"));
  return { root, module: join(root, "sub"), outside };
}

function path(named: string, module: string, byCommit: boolean) {
  return contained({ input: "notes", path: named, byCommit }, module, files);
}

describe("a path that the commit names", () => {
  it.each(["in.md", "../shared/NOTES.md", "missing.md", "new/folder"])(
    "%s is its own",
    async (named) => {
      const { module } = scene();
      expect(await path(named, module, true)).toBe(join(module, named));
    },
  );

  it.each([
    "out.md",
    "folder/secret",
    "folder/new/file",
    "../../x",
    "/etc/passwd",
    "../.git/config",
    "../.GIT/config",
  ])("%s is not", async (named) => {
    await expect(path(named, scene().module, true)).rejects.toThrow("outside the repository");
  });
});

describe("a path that the caller names", () => {
  it("may lie anywhere", async () => {
    const { module, outside } = scene();
    expect(await path(join(outside, "secret"), module, false)).toBe(join(outside, "secret"));
    expect(await path("../../x", module, false)).toBe(join(module, "../../x"));
  });

  it.each(["out.md", "folder/secret", "../.git/config"])(
    "follows no committed link: %s",
    async (named) => {
      await expect(path(named, scene().module, false)).rejects.toThrow("outside the repository");
    },
  );

  it("is looked at where it lies, whichever way the folder was reached", async () => {
    const { root } = scene();
    const way = join(temporaryFolder(), "way");
    symlinkSync(root, way);
    const module = join(way, "sub");
    expect(await path("in.md", module, false)).toBe(join(module, "in.md"));
    await expect(path("out.md", module, false)).rejects.toThrow("outside the repository");
  });
});

describe("the root of a repository", () => {
  it("is the nearest folder with a .git of any kind", async () => {
    const { root, module } = scene();
    expect(await repositoryRoot(module, files)).toBe(root);
    mkdirSync(join(module, "inner"));
    writeFileSync(join(module, "inner", ".git"), "gitdir: /nowhere\n");
    expect(await repositoryRoot(join(module, "inner"), files)).toBe(join(module, "inner"));
  });
});
