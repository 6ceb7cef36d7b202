import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommitComparison } from "../../../src/git/comparison.ts";
import type { Deviation } from "../../../src/git/deviations.ts";
import { capture } from "../../../src/world/node/capture.ts";
import { files } from "../../../src/world/node/files.ts";
import { plainEnvironment } from "../../support/program.ts";
import {
  emptyRepository,
  Repository,
  repositoryOf,
  type Tree,
  temporaryFolder,
} from "../../support/repository.ts";

function comparisonOf({ folder }: Repository, commit: string): CommitComparison {
  return new CommitComparison({ root: folder, commit, trusted: [] }, plainEnvironment(), {
    capture,
    files,
  });
}

/** The deviation of each path; undefined where the file is what the commit holds. */
async function compared(
  repository: Repository,
  ...paths: readonly string[]
): Promise<readonly (Deviation | undefined)[]> {
  const comparison = comparisonOf(repository, repository.git("rev-parse", "HEAD"));
  const found = await comparison.compare(paths.map((path) => join(repository.folder, path)));
  return found.map(({ deviation }) => deviation);
}

const POINTER = (text: string): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash("sha256").update(text).digest("hex")}\nsize ${text.length}\n`;

describe("files that the commit holds", () => {
  it("are held, whatever they are called", async () => {
    const names = ["a", "b c/d", "ü/ß", 'q"uote', "back\\slash", "tab\there", "-n", "new\nline"];
    const repository = repositoryOf(Object.fromEntries(names.map((name) => [name, name])));
    expect(await compared(repository, ...names)).toEqual(names.map(() => undefined));
  });

  it("are held in a repository with SHA-256", async () => {
    const folder = temporaryFolder();
    const repository = new Repository(folder);
    repository.git("init", "-q", "--object-format=sha256");
    repository.write({ "a/b": "b", c: "c" });
    repository.commit();
    repository.write({ c: "other" });
    expect(await compared(repository, "a/b", "c")).toEqual([undefined, { kind: "changed" }]);
  });

  it("are those of the commit, and not those that a replacement shows", async () => {
    const repository = repositoryOf({ a: "first" });
    const first = repository.git("rev-parse", "HEAD");
    repository.write({ a: "second" });
    repository.commit();
    repository.git("replace", first, "HEAD");
    const found = await comparisonOf(repository, first).compare([join(repository.folder, "a")]);
    expect(found).toMatchObject([{ deviation: { kind: "changed" } }]);
  });

  it("are read in pieces when they are large", async () => {
    const repository = repositoryOf({ large: "x".repeat(5 * 1024 * 1024) });
    expect(await compared(repository, "large")).toEqual([undefined]);
    repository.write({ large: `${"x".repeat(5 * 1024 * 1024)}y` });
    expect(await compared(repository, "large")).toEqual([{ kind: "changed" }]);
  });
});

describe("files that it does not hold", () => {
  it.each<[string, Deviation | undefined, (repository: Repository) => void]>([
    ["unknown", { kind: "absent" }, (one) => one.write({ unknown: "" })],
    ["folder/unknown", { kind: "absent" }, (one) => one.write({ "folder/unknown": "" })],
    ["A", { kind: "absent" }, (one) => one.write({ A: "" })],
    ["a", { kind: "changed" }, (one) => one.write({ a: "other" })],
    ["a", { kind: "missing" }, (one) => rmSync(join(one.folder, "a"))],
    ["../outside", { kind: "outside" }, (one) => one.write({ "../outside": "" })],
    ["a", undefined, (one) => one.git("update-index", "--assume-unchanged", "a")],
  ])("%s: %j", async (path, deviation, change) => {
    const inside = join(temporaryFolder(), "inside");
    mkdirSync(inside);
    const repository = emptyRepository({ a: "a", "b/c": "c" }, inside);
    repository.commit();
    change(repository);
    expect(await compared(repository, path)).toEqual([deviation]);
  });

  it("are changed, though git was told to overlook it", async () => {
    const repository = repositoryOf({ a: "a", b: "b" });
    repository.git("update-index", "--assume-unchanged", "a");
    repository.git("update-index", "--skip-worktree", "b");
    repository.write({ a: "other", b: "other" });
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(await compared(repository, "a", "b")).toEqual([
      { kind: "changed" },
      { kind: "changed" },
    ]);
  });
});

describe("line ends and $Id$", () => {
  /** A clone on a machine that converts line ends. */
  function converted(tree: Tree, ...settings: readonly string[]): Repository {
    const origin = repositoryOf(tree);
    const folder = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", ...settings.flatMap((one) => ["-c", one]), origin.folder, folder);
    return new Repository(folder);
  }

  it("are other ones where this machine converts them", async () => {
    const clone = converted({ a: "1\n2\n", b: "no end" }, "core.autocrlf=true");
    expect(clone.git("status", "--porcelain")).toBe("");
    expect(await compared(clone, "a", "b")).toEqual([{ kind: "line-ends" }, undefined]);
  });

  it("are the commit's where its attributes ask for them", async () => {
    const attributes = "*.bat text eol=crlf\n*.txt ident\nboth ident eol=crlf\n";
    const texts = { "a.bat": "1\n", "b.txt": "$Id$ $Id: mine $\n", both: "$Id$\n" };
    const clone = converted({ ".gitattributes": attributes, ...texts });
    expect(await compared(clone, ...Object.keys(texts))).toEqual([undefined, undefined, undefined]);
    clone.write({ "a.bat": "2\r\n", "b.txt": "$Id: 12 $ $Id$\n" });
    expect(await compared(clone, "a.bat", "b.txt")).toEqual([
      { kind: "changed" },
      { kind: "changed" },
    ]);
  });

  it("are other ones where only this user's own attributes ask for them", async () => {
    const attributes = join(temporaryFolder(), "attributes");
    writeFileSync(attributes, "* text eol=crlf\n");
    const clone = converted({ a: "1\n" }, `core.attributesFile=${attributes}`);
    expect(await compared(clone, "a")).toEqual([{ kind: "line-ends" }]);
  });
});

describe("files that a filter rewrites", () => {
  const attributes = { ".gitattributes": "*.bin filter=lfs -text\n*.key filter=git-crypt\n" };

  it("are those of Git LFS, and not their pointers", async () => {
    const repository = repositoryOf({
      ...attributes,
      "a.bin": POINTER("a"),
      "b.bin": POINTER("b"),
      "c.bin": POINTER("c"),
      "plain.bin": "no pointer at all",
      "sample.txt": POINTER("an example in somebody's tests"),
    });
    repository.write({ "a.bin": "a", "c.bin": "other" });
    expect(
      await compared(repository, "a.bin", "b.bin", "c.bin", "plain.bin", "sample.txt"),
    ).toEqual([undefined, { kind: "pointer" }, { kind: "lfs" }, undefined, undefined]);
  });

  it("are named with their filter", async () => {
    const repository = repositoryOf({ ...attributes, "a.key": "cipher" });
    repository.write({ "a.key": "plain" });
    expect(await compared(repository, "a.key")).toEqual([
      { kind: "filtered", detail: "git-crypt" },
    ]);
  });
});

describe("links", () => {
  function linked(links: Readonly<Record<string, string>>, tree: Tree): Repository {
    const repository = emptyRepository(tree);
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(join(repository.folder, path, ".."), { recursive: true });
      symlinkSync(target, join(repository.folder, path));
    }
    repository.commit();
    return repository;
  }

  it("to what the commit holds are held, over several and through folders", async () => {
    const links = { one: "b/c", "deep/two": "../one", folder: "b", "deep/three": "../folder/c" };
    const repository = linked(links, { "b/c": "c" });
    const paths = ["one", "deep/two", "folder/c", "deep/three"];
    expect(await compared(repository, ...paths)).toEqual(paths.map(() => undefined));
    repository.write({ "b/c": "other" });
    expect(await compared(repository, ...paths)).toEqual(paths.map(() => ({ kind: "changed" })));
  });

  it("out of the repository, in a circle or to nothing are named", async () => {
    const outside = join(temporaryFolder(), "outside");
    writeFileSync(outside, "outside");
    const repository = linked({ out: outside, up: "../x/y", gone: "nothing" }, {});
    symlinkSync(outside, join(repository.folder, "untracked"));
    const behind = (name: string) => join(repository.folder, name);
    expect(await compared(repository, "out", "up/z", "gone", "untracked")).toEqual([
      { kind: "link", detail: outside, behind: behind("out") },
      { kind: "link", detail: "../x/y", behind: behind("up") },
      { kind: "absent" },
      { kind: "link", detail: outside },
    ]);
  });
});

describe("submodules", () => {
  function withSubmodule(): { readonly repository: Repository; readonly inside: Repository } {
    const library = repositoryOf({ "lib.go": "package lib\n", "deep/a": "a" });
    library.write({ "lib.go": "package lib // second\n" });
    library.commit();
    const repository = emptyRepository({ a: "a" });
    const protocol = ["-c", "protocol.file.allow=always"];
    repository.git(...protocol, "submodule", "--quiet", "add", library.folder, "third/lib");
    repository.commit();
    return { repository, inside: new Repository(join(repository.folder, "third/lib")) };
  }

  it("are held at the commit that is recorded", async () => {
    const { repository, inside } = withSubmodule();
    const paths = ["third/lib/lib.go", "third/lib/deep/a", "a"];
    expect(await compared(repository, ...paths)).toEqual([undefined, undefined, undefined]);
    inside.write({ "lib.go": "package other\n", new: "" });
    expect(await compared(repository, "third/lib/lib.go", "third/lib/new")).toEqual([
      { kind: "changed" },
      { kind: "absent" },
    ]);
  });

  it("at another commit, or without a repository of their own, are named", async () => {
    const { repository, inside } = withSubmodule();
    const recorded = inside.git("rev-parse", "--short=12", "HEAD");
    inside.git("checkout", "-q", "HEAD~1");
    const other = inside.git("rev-parse", "--short=12", "HEAD");
    const behind = inside.folder;
    expect(await compared(repository, "third/lib/lib.go")).toEqual([
      { kind: "submodule", detail: `${other} instead of ${recorded}`, behind },
    ]);
    rmSync(join(inside.folder, ".git"));
    expect(await compared(repository, "third/lib/lib.go")).toEqual([
      { kind: "submodule", detail: `no repository instead of ${recorded}`, behind },
    ]);
  });
});

describe("what the commit has besides", () => {
  it("is known by folder, where something there was compared", async () => {
    const repository = repositoryOf({ "a/b/c": "", "a/d": "", "e/f": "", g: "" });
    const comparison = comparisonOf(repository, repository.git("rev-parse", "HEAD"));
    const at = (path: string) => join(repository.folder, path);
    await comparison.compare([at("a/b/c"), at("new/x")]);
    expect(comparison.filesIn(at("a"))).toEqual([at("a/d")]);
    expect(comparison.filesIn(repository.folder)).toEqual([at("g")]);
    expect(comparison.filesBelow(at("a"))).toEqual([at("a/b/c"), at("a/d")]);
    expect(comparison.filesIn("/")).toEqual([]);
    expect(comparison.unknownFolder(at("a/b/new"))).toBeUndefined();
    expect(comparison.unknownFolder(at("a/x/y/z"))).toBe(at("a/x"));
    expect(comparison.unknownFolder(at("new/x"))).toBe(at("new"));
  });

  it("a commit that cannot be read is a problem of git's", async () => {
    const repository = repositoryOf({ a: "" });
    const comparison = comparisonOf(repository, "0".repeat(40));
    await expect(comparison.compare([join(repository.folder, "a")])).rejects.toMatchObject({
      code: "git",
    });
  });
});
