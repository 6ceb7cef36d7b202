import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { call } from "../../support/program.ts";
import {
  GO_MOD,
  IDENTITY,
  PROGRAM,
  repositoryOf,
  type Tree,
  temporaryFolder,
} from "../../support/repository.ts";

const SMALL = ["--targets=linux/amd64", "--sign=none", "--no-provenance", "--sbom=none"];

/** The last line of a failure: what to do. */
async function cureOf(folder: string, argv: readonly string[] = SMALL, env = {}): Promise<string> {
  const { status, stderr } = await call(argv, folder, env);
  expect(status, stderr).toBe(1);
  return /^ {2}→ (.*)$/mu.exec(stderr)?.[1] ?? `no cure in: ${stderr}`;
}

const LIB: Tree = {
  "go.mod": "module example.com/lib\n\ngo 1.21\n",
  "lib.go": 'package lib\n\nfunc Hi() string { return "hi" }\n',
  "web/index.html": "<html>",
};
const USER = 'package main\n\nimport "example.com/lib"\n\nfunc main() { println(lib.Hi()) }\n';

/** A clone of a repository with the library as a submodule that nobody fetched. */
function clonedWith(tree: Tree, at = "third/lib"): string {
  const library = repositoryOf(LIB, null);
  const repository = repositoryOf(tree, null);
  const env = { ...process.env, ...IDENTITY };
  const allow = ["-c", "protocol.file.allow=always"];
  execFileSync("git", [...allow, "submodule", "add", "-q", library.folder, at], {
    cwd: repository.folder,
    env,
  });
  repository.commit("v1.2.3");
  const clone = temporaryFolder();
  repository.git("clone", "-q", repository.folder, clone);
  return clone;
}

const SUBMODULE =
  "third/lib is a git submodule that was not fetched: `git submodule update --init --recursive`, `submodules: recursive` of actions/checkout, or `GIT_SUBMODULE_STRATEGY: recursive`";

describe("a submodule that was not fetched is the cure of", () => {
  it("a module that go.mod replaces by its folder", async () => {
    const mod = `${GO_MOD}\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./third/lib\n`;
    expect(await cureOf(clonedWith({ "go.mod": mod, "main.go": USER }))).toBe(SUBMODULE);
  });

  it("files that are embedded", async () => {
    const main =
      'package main\n\nimport "embed"\n\n//go:embed third/lib/web\nvar web embed.FS\n\nfunc main() { _ = web }\n';
    expect(await cureOf(clonedWith({ "go.mod": GO_MOD, "main.go": main }))).toBe(SUBMODULE);
  });

  it("a program that lies in it", async () => {
    const clone = clonedWith(PROGRAM);
    expect(await cureOf(clone, [...SMALL, "--main=./third/lib/cmd"])).toBe(SUBMODULE);
  });

  it("files that are packed", async () => {
    const clone = clonedWith(PROGRAM);
    expect(await cureOf(clone, [...SMALL, "--files=third/lib/web/**"])).toBe(SUBMODULE);
  });

  it("nothing that it has no part in", async () => {
    const main = "package main\n\nfunc main() { missing() }\n";
    expect(await cureOf(clonedWith({ "go.mod": GO_MOD, "main.go": main }))).not.toContain(
      "submodule",
    );
  });
});

describe("a module of the same repository", () => {
  const tree: Tree = {
    "app/go.mod": "module example.com/app\n\ngo 1.21\n",
    "app/main.go": USER,
    "lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
    "lib/lib.go": LIB["lib.go"] ?? "",
  };
  const inApp = [...SMALL, "--working-directory=app"];
  const cure =
    "add `require example.com/lib v0.0.0` and `replace example.com/lib => ../lib` to go.mod, or tag that module and require its version";

  it.each([
    ["go 1.21\n\nuse (\n\t./app // the program\n\t./lib\n)\n"],
    ['go 1.21\n\nuse ./app\nuse "./lib"\n'],
  ])("that only go.work leads to is told: %j", async (work) => {
    const { folder } = repositoryOf({ ...tree, "go.work": work }, "app/v1.2.3");
    expect(await cureOf(folder, inApp)).toBe(
      `example.com/lib is in ../lib of this repository, which go.work adds; releases are built from go.mod alone: ${cure}`,
    );
  });

  it("that nothing leads to is told", async () => {
    const { folder } = repositoryOf(tree, "app/v1.2.3");
    expect(await cureOf(folder, inApp)).toBe(
      `example.com/lib is in ../lib of this repository, which go.mod does not refer to: ${cure}`,
    );
  });

  it("that is required and was never published is told, not the network", async () => {
    const mod = `${tree["app/go.mod"]}\nrequire example.com/lib v0.0.0\n`;
    const { folder } = repositoryOf({ ...tree, "app/go.mod": mod }, "app/v1.2.3");
    const env = { GOPROXY: "http://127.0.0.1:1", GONOSUMDB: "*", GOFLAGS: "-mod=mod" };
    expect(await cureOf(folder, inApp, env)).toContain(
      "example.com/lib is in ../lib of this repository",
    );
  });
});

describe("what go says has a cure of its own:", () => {
  const requiring = (version: string): Tree => ({
    ...PROGRAM,
    "go.mod": `${GO_MOD}\nrequire example.com/private ${version}\n`,
  });

  it.each<[string, Tree, Readonly<Record<string, string>>, string]>([
    [
      "a proxy that is switched off",
      requiring("v1.0.0"),
      { GOPROXY: "off" },
      "GOPROXY is off and the module is not in GOMODCACHE: set GOPROXY, or fill the cache first",
    ],
    [
      "a proxy that is not there",
      requiring("v1.0.0"),
      { GOPROXY: "http://127.0.0.1:1" },
      "http://127.0.0.1:1 cannot be reached from here: check the network and HTTPS_PROXY, or set GOPROXY to a reachable mirror",
    ],
    [
      "a replacement that is not committed",
      {
        ...PROGRAM,
        "go.mod": `${GO_MOD}\nrequire example.com/x v1.0.0\n\nreplace example.com/x => ./x\n`,
      },
      {},
      "go.mod replaces example.com/x by the folder ./x, which is not in this checkout: commit it, or fetch it in an earlier step",
    ],
    [
      "a major version that the path lacks",
      { ...PROGRAM, "go.mod": `${GO_MOD}\nrequire example.com/x v2.0.0\n` },
      {},
      "from version 2 on a module's path ends in its major version: require …/v2",
    ],
    [
      "embedded files that are not there",
      {
        ...PROGRAM,
        "main.go":
          'package main\n\nimport _ "embed"\n\n//go:embed web/dist/app.js\nvar app string\n\nfunc main() { println(app) }\n',
      },
      {},
      "there is nothing at web/dist/app.js in this checkout: generate it in an earlier step, or commit it; a .gitignore may exclude it",
    ],
    [
      "an import that is nowhere",
      { ...PROGRAM, "main.go": 'package main\n\nimport _ "slicez"\n\nfunc main() {}\n' },
      {},
      "no module path looks like slicez: fix the import, or if it is in the standard library of a newer Go, set `go-version`",
    ],
    [
      "a package of the module that a .gitignore hides",
      {
        ...PROGRAM,
        "main.go": 'package main\n\nimport _ "example.com/tool/gameid"\n\nfunc main() {}\n',
      },
      {},
      "gameid is a package of this module but not in this checkout: commit it, or fix the import; a .gitignore may exclude it",
    ],
    [
      "a package of the module whose code is generated",
      {
        ...PROGRAM,
        "main.go": 'package main\n\nimport _ "example.com/tool/api/pb"\n\nfunc main() {}\n',
        "api/pb/api.proto": "",
      },
      {},
      "api/pb has no Go files in this checkout: generate them in an earlier step, or commit them; a .gitignore may exclude them",
    ],
    [
      "a variable that is no string",
      {
        ...PROGRAM,
        "main.go": "package main\n\nvar count int\n\nfunc main() { println(count) }\n",
        ".go-release.yaml": "ldflags: -X main.count=1\n",
      },
      {},
      "remove -X main.count from `ldflags`, or declare it as a string",
    ],
    [
      "a C compiler that is not here",
      {
        ...PROGRAM,
        "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n',
        ".go-release.yaml": "env: {CGO_ENABLED: 1, CC: no-such-gcc}\n",
      },
      {},
      "the C compiler no-such-gcc was not found: install one for this target and set it with `env: CC=…`, or build without cgo (`env: CGO_ENABLED=0`)",
    ],
    [
      "the race detector without cgo",
      { ...PROGRAM, ".go-release.yaml": "flags: -race\n" },
      {},
      "set `env: CGO_ENABLED=1` with a C compiler, or remove -race from `flags`",
    ],
    [
      "a directive of a newer Go",
      { ...PROGRAM, "go.mod": `${GO_MOD}\nfrobnicate x\n` },
      {},
      "fix go.mod and run `go mod tidy`",
    ],
    [
      "a version that is none",
      { ...PROGRAM, "go.mod": "module example.com/tool\n\ngo 1.24.x\n" },
      {},
      "write the version with numbers alone, e.g. `go 1.24.0`",
    ],
  ])("%s", async (_what, tree, env, cure) => {
    const { folder } = repositoryOf(tree);
    expect(await cureOf(folder, SMALL, { GONOSUMDB: "*", ...env })).toBe(cure);
  });
});
