import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Scope, selectFiles } from "../../../src/archives/files.ts";
import { files } from "../../../src/world/node/files.ts";

let root = "";
let scope: Scope;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "files-")));
  scope = { folder: join(root, "repo/module"), root: join(root, "repo"), exclude: [] };
  mkdirSync(scope.folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lay(...names: string[]) {
  for (const name of names) {
    const path = join(scope.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name);
  }
}

function link(name: string, target: string) {
  mkdirSync(dirname(join(scope.folder, name)), { recursive: true });
  symlinkSync(target, join(scope.folder, name));
}

async function select(patterns: readonly string[], explicit = true, world: typeof files = files) {
  return (await selectFiles(patterns, explicit, scope, world)).map(({ name }) => name);
}

const DEFAULTS = ["LICENSE*", "README*", "CHANGELOG*"];

describe("selectFiles", () => {
  it("gives source, name and whether it is executable", async () => {
    lay("run.sh", "README.md");
    chmodSync(join(scope.folder, "run.sh"), 0o755);
    expect(await selectFiles(["*"], true, scope, files)).toEqual([
      { source: "README.md", name: "README.md", executable: false },
      { source: "run.sh", name: "run.sh", executable: true },
    ]);
  });

  it("finds the defaults at the top only, in any case", async () => {
    lay("Readme.md", "license", "LICENSES/MIT", "CHANGELOG.md", "sub/README.md", "main.go");
    expect(await select(DEFAULTS, false)).toEqual(["CHANGELOG.md", "Readme.md", "license"]);
  });

  it("lets the default patterns match nothing", async () => {
    expect(await select(DEFAULTS, false)).toEqual([]);
  });

  it.each<[string[], string[]]>([
    [["docs/**"], ["docs/a.md", "docs/deep/b.md", "docs/deep/c.txt"]],
    [["docs/*"], ["docs/a.md"]],
    [["**/*.md"], ["docs/a.md", "docs/deep/b.md", "top.md"]],
    [["./top.md", "top.*"], ["top.md"]],
    [["{docs/deep,other}/*.txt"], ["docs/deep/c.txt", "other/d.txt"]],
    [["docs/**", "!docs/deep"], ["docs/a.md"]],
    [
      ["docs/**", "!**/*.txt"],
      ["docs/a.md", "docs/deep/b.md"],
    ],
    [["*/deep/*"], ["docs/deep/b.md", "docs/deep/c.txt"]],
    [[".hidden"], [".hidden"]],
    [["docs/deep/c.txt"], ["docs/deep/c.txt"]],
    [["conf/**"], ["conf/.env.example", "conf/.profiles/dev.yaml", "conf/app.yaml"]],
    [["conf/**/*"], ["conf/.env.example", "conf/.profiles/dev.yaml", "conf/app.yaml"]],
    [
      ["{conf,other}/**"],
      ["conf/.env.example", "conf/.profiles/dev.yaml", "conf/app.yaml", "other/d.txt"],
    ],
    [["conf/*"], ["conf/app.yaml"]],
    [["conf/**/*.yaml"], ["conf/app.yaml"]],
    [["conf/.*/*"], ["conf/.profiles/dev.yaml"]],
    [["conf/**", "!conf/.*"], ["conf/app.yaml"]],
    [["conf/**", "!**/*.yaml"], ["conf/.env.example"]],
    [["*o*/*"], ["conf/app.yaml", "docs/a.md", "other/d.txt"]],
  ])("%j", async (patterns, expected) => {
    lay("top.md", "docs/a.md", "docs/deep/b.md", "docs/deep/c.txt", "other/d.txt", ".hidden");
    lay("conf/app.yaml", "conf/.env.example", "conf/.profiles/dev.yaml", ".config/secret");
    expect(await select(patterns)).toEqual(expected);
  });

  it("names every explicit pattern that matches nothing", async () => {
    lay("a");
    await expect(select(["a", "b*", "c/**"])).rejects.toMatchObject({
      code: "files-unmatched",
      message: `no file matches \`b*\`, \`c/**\` in ${scope.folder}`,
    });
  });

  it("says how to take a folder", async () => {
    lay("docs/a");
    await expect(select(["docs/"])).rejects.toMatchObject({
      hint: "write `docs/**` for all files of a folder",
    });
  });

  it.each(["../x", "/etc/passwd", "a/../../b", "C:/x", ""])(
    "refuses the pattern %j",
    async (pattern) => {
      await expect(select([pattern])).rejects.toMatchObject({ code: "files-pattern" });
    },
  );

  it("never takes .git or what is excluded", async () => {
    lay(".git/config", "dist/old.zip", "sub/.git", "a");
    scope = { ...scope, exclude: [join(scope.folder, "dist")] };
    expect(await select(["**", "*", "a"])).toEqual(["a"]);
    await expect(select(["{.git,dist}/*"])).rejects.toMatchObject({ code: "files-unmatched" });
  });

  it("lists no folder that no pattern can match below", async () => {
    lay("README.md", "node_modules/a/b/c", "docs/x/y.md", "docs/z.md");
    const listed: string[] = [];
    const world = {
      ...files,
      list: (path: string) => {
        listed.push(path);
        return files.list(path);
      },
    };
    await select(["README*", "docs/*"], true, world);
    expect(listed).toEqual([scope.folder, join(scope.folder, "docs")]);
  });
});

describe("symbolic links among the files", () => {
  it("inside the tree are packed as what they lead to, folders too", async () => {
    lay("docs/real.md");
    link("README.md", "docs/real.md");
    link("manual", "docs");
    expect(await select(["README.md", "manual/**"])).toEqual(["README.md", "manual/real.md"]);
  });

  it("may lead to the repository around the module", async () => {
    writeFileSync(join(root, "repo/LICENSE"), "");
    link("LICENSE", "../LICENSE");
    expect(await select(DEFAULTS, false)).toEqual(["LICENSE"]);
  });

  it("that leave the tree are refused, with where they lead", async () => {
    writeFileSync(join(root, "secret"), "");
    link("README", "../../secret");
    await expect(select(DEFAULTS, false)).rejects.toMatchObject({
      code: "files-link",
      message: `the link README points to ${join(root, "secret")}, which is not released`,
    });
  });

  it.each(["folder", "../.."])("to a folder outside are refused: %s", async (name) => {
    mkdirSync(join(root, "folder"));
    link("docs/out", join(root, name === "folder" ? name : "."));
    await expect(select(["docs/**"])).rejects.toMatchObject({ code: "files-link" });
  });

  it("into .git or an excluded folder are refused", async () => {
    lay(".git/config", "dist/a");
    link("docs/config", "../.git/config");
    await expect(select(["docs/*"])).rejects.toThrow("the link docs/config points to");
    scope = { ...scope, exclude: [join(scope.folder, "dist")] };
    link("other/a", "../dist/a");
    await expect(select(["other/*"])).rejects.toThrow("the link other/a points to");
  });

  it("that lead nowhere are refused when they were chosen", async () => {
    link("README", "gone");
    lay("a.md");
    await expect(select(["README"])).rejects.toThrow(
      "the link README is broken: its target does not exist",
    );
    expect(await select(["**/*.md"])).toEqual(["a.md"]);
  });

  it.each([
    ["itself", [["docs/self", "."]]],
    ["a parent", [["docs/up", ".."]]],
    [
      "each other",
      [
        ["docs/a/x", "../b"],
        ["docs/b/y", "../a"],
      ],
    ],
  ])("that lead in a circle are refused (%s)", async (_, links) => {
    for (const [name, target] of links) link(name as string, target as string);
    await expect(select(["docs/**"])).rejects.toThrow("points back to its own folder");
  });
});
