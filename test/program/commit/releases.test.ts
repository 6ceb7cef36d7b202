import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { moduleProxy } from "../../support/module-proxy.ts";
import { pathWithGo } from "../../support/path.ts";
import { call, plainEnvironment } from "../../support/program.ts";
import {
  emptyRepository,
  GO_MOD,
  MAIN,
  PROGRAM,
  Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

const LINUX = "--targets=linux/amd64";
/** A real release, into a folder. */
const REAL = ["--dry-run=false", "--forge=directory", LINUX];

const EMBEDDING = (pattern: string): string =>
  `package main\n\nimport "embed"\n\n//go:embed ${pattern}\nvar files embed.FS\n\nfunc init() { _ = files }\n`;
const LIBRARY = "package lib\n\nfunc Answer() int { return 42 }\n";
const USING = 'package main\n\nimport "example.com/lib"\n\nfunc main() { println(lib.Answer()) }\n';

function warnings(stderr: string): readonly string[] {
  return stderr
    .split("\n")
    .filter((line) => /^(warning|note): (?!nothing is|a dry run)/u.test(line));
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "dist/manifest.json"), "utf8")) as Manifest;
}

/** Releases for real, without a word of warning. */
async function released(folder: string, ...argv: readonly string[]): Promise<Manifest> {
  const { status, stderr } = await call([...REAL, ...argv], folder);
  expect({ status, said: warnings(stderr) }, stderr).toEqual({ status: 0, said: [] });
  return manifestIn(folder);
}

describe("a release of what the commit holds", () => {
  it("embeds, links inside the repository, and has a committed profile", async () => {
    const repository = emptyRepository({
      ...PROGRAM,
      "embed.go": EMBEDDING("all:web a.txt"),
      "web/.hidden": "1",
      "web/index.html": "2",
      "a.txt": "3",
      "shared/x.go": "package shared\n",
      "unused/local_x.go": "package unused\n",
      ".gitignore": "scratch*\n",
      "more.go": 'package main\n\nimport _ "example.com/tool/other"\n',
    });
    mkdirSync(join(repository.folder, "other"));
    symlinkSync("../shared/x.go", join(repository.folder, "other/x.go"));
    repository.commit("v1.2.3");
    repository.write({
      "scratch_test.go": "package main\n",
      "scratch.txt": "",
      "unused/scratch.go": "!",
    });
    const { plan } = await released(repository.folder);
    expect([plan.generated, plan.uncommitted, plan.modified]).toEqual([[], [], false]);
  });

  it("vendors its dependencies, and C with its headers", async () => {
    const repository = repositoryOf({
      ...PROGRAM,
      "go.mod": `${GO_MOD}\nrequire example.com/lib v1.0.0\n`,
      "main.go": USING,
      "vendor/modules.txt": "# example.com/lib v1.0.0\n## explicit\nexample.com/lib\n",
      "vendor/example.com/lib/lib.go": LIBRARY,
      "c.go":
        'package main\n\n// #cgo CFLAGS: -I${SRCDIR}/include\n// #include "x.h"\nimport "C"\n',
      "include/x.h": "",
    });
    await released(repository.folder, "--env=CGO_ENABLED=1");
  });

  it("has a submodule and a replaced module in the repository, and lies in a folder of it", async () => {
    const library = repositoryOf({ "go.mod": "module example.com/lib\n", "lib.go": LIBRARY });
    const repository = emptyRepository({
      LICENSE: "MIT\n",
      "cli/go.mod":
        `${GO_MOD}\nrequire (\n\texample.com/lib v1.0.0\n\texample.com/near v1.0.0\n)\n\n` +
        "replace (\n\texample.com/lib => ../third/lib\n\texample.com/near => ../near\n)\n",
      "cli/main.go": USING.replace("main\n", 'main\n\nimport _ "example.com/near"\n'),
      "near/go.mod": "module example.com/near\n",
      "near/near.go": "package near\n",
    });
    const protocol = ["-c", "protocol.file.allow=always"];
    repository.git(...protocol, "submodule", "--quiet", "add", library.folder, "third/lib");
    repository.commit("cli/v1.2.3");
    await released(join(repository.folder, "cli"));
  });

  it("is checked out with the line ends that the commit's attributes ask for", async () => {
    const origin = repositoryOf({
      ...PROGRAM,
      ".gitattributes": "* text=auto eol=lf\n*.bat text eol=crlf\n",
      "run.bat": "echo\n",
    });
    const folder = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", "-c", "core.autocrlf=true", origin.folder, folder);
    await released(folder, "--files=*.bat,LICENSE");
  });

  it("is told of in a dry run, and goes on", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "*.local.go\nconf/\n" });
    repository.git("update-index", "--assume-unchanged", "LICENSE");
    repository.write({ "x.local.go": "package main\n", "conf/.env": "", LICENSE: "other\n" });
    const { status, stderr } = await call([LINUX, "--files=LICENSE,conf/**"], repository.folder);
    expect(status).toBe(0);
    expect(warnings(stderr)).toEqual([
      expect.stringMatching(/^warning: LICENSE: not as the commit has it, and a release/u),
      expect.stringMatching(/^warning: conf\/, x\.local\.go: not in the commit, and a release/u),
    ]);
    expect(manifestIn(repository.folder).plan.uncommitted).toEqual([
      expect.objectContaining({ path: "LICENSE", difference: "changed" }),
      expect.objectContaining({ path: "conf/.env", difference: "absent", within: "conf/" }),
      expect.objectContaining({ path: "x.local.go", difference: "absent" }),
    ]);
  });

  it("says nothing twice of a snapshot whose work tree is dirty", async () => {
    const repository = repositoryOf(PROGRAM, null);
    repository.write({ "main.go": `${MAIN}\n`, "more/more.go": "package more\n" });
    const { status, stderr } = await call(["plan", LINUX], repository.folder);
    expect(status).toBe(0);
    expect(warnings(stderr)).toEqual([
      "note: no release tag at HEAD: this is a snapshot",
      "note: the work tree is dirty: main.go, more/",
    ]);
  });

  it("needs no repository", async () => {
    const folder = temporaryFolder();
    new Repository(folder).write(PROGRAM);
    expect((await call([LINUX], folder)).status).toBe(0);
    expect(manifestIn(folder).plan.uncommitted).toEqual([]);
  });
});

describe("what `generated` declares", () => {
  const TREE = {
    ...PROGRAM,
    "embed.go": EMBEDDING("all:web"),
    ".gitignore": "/web/*\n!/web/.keep\n",
  };
  const WEB = { "web/index.html": "<p>\n", "web/.vite/manifest.json": "{}\n" };
  const GENERATED = "--generated=web";

  it("is in the plan and in the provenance, with its digest", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "" });
    repository.write(WEB);
    const { plan } = await released(repository.folder, GENERATED);
    expect(plan.generated).toEqual([
      expect.objectContaining({ path: "web/.vite/manifest.json" }),
      expect.objectContaining({
        path: "web/index.html",
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
      }),
    ]);
    expect(plan.modified).toBe(false);
    const { stdout } = await call(["plan", LINUX, GENERATED], repository.folder);
    expect(stdout).toMatch(/^generated: web\/index\.html sha256:[0-9a-f]{16}$/mu);
    const dry = await call([LINUX, GENERATED], repository.folder);
    expect(dry.status).toBe(0);
    const bundle = readFileSync(join(repository.folder, "dist/provenance.sigstore.json"), "utf8");
    const { payload } = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope;
    const statement = JSON.parse(Buffer.from(payload, "base64").toString()) as {
      predicate: { buildDefinition: { resolvedDependencies: object[] } };
    };
    expect(statement.predicate.buildDefinition.resolvedDependencies).toContainEqual({
      name: "web/index.html",
      digest: { sha256: plan.generated[1]?.sha256 },
    });
    expect(await call(["verify", "dist"], repository.folder)).toMatchObject({ status: 0 });
  });

  it("does not make the work tree dirty, and Go's own stamp is told of", async () => {
    const repository = repositoryOf({
      ...PROGRAM,
      "embed.go": EMBEDDING("web"),
      "web/index.html": "",
    });
    repository.write({ "web/index.html": "made\n", "web/js/app.js": "made\n" });
    const refused = await call(REAL, repository.folder);
    expect(refused.stderr).toContain("error: the work tree is dirty: web/index.html, web/js/");
    const { status, stderr } = await call([...REAL, GENERATED], repository.folder);
    expect(status, stderr).toBe(0);
    expect(warnings(stderr)).toEqual([
      "note: web/index.html, web/js/app.js: declared with `generated`, and git shows it as changed or untracked: Go stamps vcs.modified=true and v1.2.3+dirty; what .gitignore names leaves the stamp as it is",
    ]);
    const { plan, binaries } = manifestIn(repository.folder);
    expect(plan.modified).toBe(true);
    expect(binaries[0]?.inspection.buildInfo.settings["vcs.modified"]).toBe("true");
  });

  it("covers nothing else", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "", ".gitignore": "/web/*\nlocal*\n" });
    repository.write({ ...WEB, "local.go": "package main\n" });
    const { status, stderr } = await call([...REAL, GENERATED], repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain("  not in the commit: local.go\n");
  });

  it("is built again with the same bytes, or is named", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "" });
    repository.write(WEB);
    await released(repository.folder, GENERATED);
    const argv = ["verify", "dist", "--rebuild", LINUX, GENERATED];
    const again = await call(argv, repository.folder);
    expect(again.stdout, again.stderr).toContain("built again: every byte is the same");
    repository.write({ "web/index.html": "other\n" });
    const other = await call(argv, repository.folder);
    expect(other.stderr).toContain("planned differently from this checkout: generated\n");
  });

  it("is the same in every shard", async () => {
    const repository = repositoryOf({ ...TREE, "web/.keep": "", ".gitignore": "/web/*\nparts\n" });
    for (const part of ["1", "2"]) {
      repository.write({ "web/index.html": part });
      const shard = [`--shard=${part}/2`, `--output=parts/${part}`, GENERATED];
      const argv = ["build", "--targets=linux/amd64,linux/arm64", ...shard];
      expect(await call(argv, repository.folder)).toMatchObject({ status: 0 });
    }
    const { status, stderr } = await call(["publish", "--from=parts"], repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain("was planned differently from");
    expect(stderr).toContain(": generated\n");
  });

  it("is not what shards of a dry run may hold besides when they are published", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "local*\nparts\n" });
    repository.write({ "local.go": "package main\n" });
    const built = await call(["build", LINUX, "--output=parts/1"], repository.folder);
    expect(built.status).toBe(0);
    const publish = ["publish", "--from=parts", "--dry-run=false", "--forge=directory"];
    const { status, stderr } = await call(publish, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "error: v1.2.3 would not be its commit alone\n  not in the commit: local.go\n",
    );
  });
});

describe("what only a fetched module imports", () => {
  it("is held when it is there, before anything is compiled", async () => {
    const proxy = await moduleProxy({
      "example.com/between": {
        "go.mod": "module example.com/between\n\ngo 1.21\n\nrequire example.com/lib v1.0.0\n",
        "between.go": 'package between\n\nimport "example.com/lib"\n\nvar Answer = lib.Answer()\n',
      },
      "example.com/lib": { "go.mod": "module example.com/lib\n\ngo 1.21\n", "lib.go": LIBRARY },
    });
    const env = { GOPROXY: proxy, GOSUMDB: "off", GOFLAGS: "-modcacherw" };
    const repository = emptyRepository({
      "go.mod": `${GO_MOD}\nrequire example.com/between v1.0.0\n\nreplace example.com/lib => ./third/lib\n`,
      "main.go":
        'package main\n\nimport "example.com/between"\n\nfunc main() { println(between.Answer) }\n',
      "third/lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
      "third/lib/lib.go": LIBRARY,
      ".gitignore": "local*\n",
    });
    const tidy = { ...plainEnvironment(env), GOMODCACHE: temporaryFolder() };
    execFileSync("go", ["mod", "tidy"], { cwd: repository.folder, env: tidy, stdio: "ignore" });
    repository.commit("v1.2.3");
    repository.write({ "third/lib/local.go": "package lib\n" });
    const fresh = { ...env, GOMODCACHE: temporaryFolder() };
    const planned = await call(["plan", ...REAL], repository.folder, fresh);
    expect(planned, planned.stderr).toMatchObject({ status: 0 });
    const { status, stderr } = await call(REAL, repository.folder, fresh);
    expect(status).toBe(1);
    expect(stderr).toContain("  not in the commit: third/lib/local.go\n");
    expect(stderr).not.toContain("✓ build");
    const told = await call(["plan", ...REAL], repository.folder, fresh);
    expect(told.status).toBe(1);
    await expectDeclared(repository, fresh);
    execFileSync("chmod", ["-R", "u+w", tidy.GOMODCACHE, fresh.GOMODCACHE]);
  });

  async function expectDeclared({ folder }: Repository, fresh: Record<string, string>) {
    const cache = { ...fresh, GOMODCACHE: temporaryFolder() };
    const argv = [...REAL, "--generated=third/lib/local.go"];
    const { status, stderr } = await call(argv, folder, cache);
    expect(status, stderr).toBe(0);
    expect(manifestIn(folder).plan.generated).toMatchObject([{ path: "third/lib/local.go" }]);
    execFileSync("chmod", ["-R", "u+w", cache.GOMODCACHE]);
  }
});

describe("sources that change while they are built", () => {
  const changing = (what: string): string =>
    pathWithGo(`if [ "$1" = build ]; then ${what}; fi\nexec "$REAL" "$@"`);

  it.each([
    ["a file that is changed", 'echo "// more" >>more.go', "more.go"],
    ["an embedded file that is changed", "echo more >>a.txt", "a.txt"],
  ])("are refused: %s", async (_, what, name) => {
    const tree = {
      ...PROGRAM,
      "more.go": "package main\n",
      "a.txt": "",
      "e.go": EMBEDDING("a.txt"),
    };
    const repository = repositoryOf(tree);
    // Go's own stamp sees what git does.
    for (const one of ["more.go", "a.txt"])
      repository.git("update-index", "--assume-unchanged", one);
    const { status, stderr } = await call(REAL, repository.folder, { PATH: changing(what) });
    expect(status).toBe(1);
    expect(stderr.slice(stderr.indexOf("error:"))).toBe(
      `error: changed while it was built: ${name} (check sources)\n  → let nothing write to the sources meanwhile, and run it again\n`,
    );
  });

  it("are refused when another one appears", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "local*\n" });
    const PATH = changing("echo package main >local.go");
    const { status, stderr } = await call(REAL, repository.folder, { PATH });
    expect(status).toBe(1);
    expect(stderr).toContain("  not in the commit: local.go\n");
  });

  it("are not when what appears is nothing that is built", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "local*\n" });
    const PATH = changing("echo package main >local_plan9.go; echo >local.txt");
    const { status, stderr } = await call(REAL, repository.folder, { PATH });
    expect(status, stderr).toBe(0);
  });

  it("are told of in a dry run", async () => {
    const repository = repositoryOf({ ...PROGRAM, ".gitignore": "local*\n" });
    const PATH = changing("echo package main >local.go");
    const { status, stderr } = await call([LINUX], repository.folder, { PATH });
    expect(status).toBe(0);
    expect(stderr).toContain("warning: changed while it was built: local.go\n");
  });
});

describe("an output folder that a program embeds", () => {
  const MODULE = {
    ".gitignore": "dist/\n",
    "cli/go.mod": GO_MOD,
    "cli/a.txt": "a",
    "cli/web/b.txt": "b",
  };
  const LISTING = (pattern: string): string =>
    `package main\n\nimport (\n\t"embed"\n\t"io/fs"\n)\n\n//go:embed ${pattern}\nvar files embed.FS\n\n` +
    'func main() {\n\tfs.WalkDir(files, ".", func(path string, entry fs.DirEntry, _ error) error {\n' +
    "\t\tif !entry.IsDir() {\n\t\t\tprintln(path)\n\t\t}\n\t\treturn nil\n\t})\n}\n";

  function embedded(folder: string): string {
    const archive = join(folder, "dist/tool_1.2.3_linux_amd64.tar.gz");
    const place = temporaryFolder();
    execFileSync("tar", ["xf", archive, "-C", place]);
    return execFileSync("sh", ["-c", `${join(place, "tool")} 2>&1`], { encoding: "utf8" });
  }

  it.each(["*", "all:*", "all:d* *.txt web"])("is hidden from //go:embed %s", async (pattern) => {
    const repository = repositoryOf({ ...MODULE, "cli/main.go": LISTING(pattern) }, "cli/v1.2.3");
    const cli = join(repository.folder, "cli");
    if (pattern.includes("d*")) repository.write({ "cli/docs/x.txt": "x" });
    repository.commit();
    repository.git("tag", "-f", "cli/v1.2.3");
    await released(cli);
    const first = readFileSync(join(cli, "dist/checksums.txt"), "utf8");
    expect(embedded(cli)).toContain("a.txt\n");
    expect(embedded(cli)).toContain("web/b.txt\n");
    expect(embedded(cli)).not.toContain("dist");
    await released(cli);
    expect(readFileSync(join(cli, "dist/checksums.txt"), "utf8")).toBe(first);
    const again = await call(["verify", "dist", "--rebuild", LINUX], cli);
    expect(again.stdout, again.stderr).toContain("built again: every byte is the same");
  });

  it("is hidden with C, and in a worktree", async () => {
    const c = 'package main\n\n// #include <stdlib.h>\nimport "C"\n\nvar _ = C.size_t(0)\n';
    const tree = { ...MODULE, "cli/main.go": LISTING("*"), "cli/c.go": c };
    const repository = repositoryOf(tree, "cli/v1.2.3");
    await released(join(repository.folder, "cli"), "--env=CGO_ENABLED=1");
    const worktree = join(temporaryFolder(), "worktree");
    repository.git("worktree", "add", "-q", worktree, "cli/v1.2.3");
    await released(join(worktree, "cli"), "--env=CGO_ENABLED=1");
    expect(embedded(join(worktree, "cli"))).toBe("a.txt\nc.go\ngo.mod\nmain.go\nweb/b.txt\n");
  });

  it("cannot be hidden beside an overlay of somebody's own", async () => {
    const tree = { ...MODULE, "cli/main.go": LISTING("*"), "cli/o.json": "{}" };
    const cli = join(repositoryOf(tree, "cli/v1.2.3").folder, "cli");
    const { status, stderr } = await call([...REAL, "--flags=-overlay=o.json"], cli);
    expect(status).toBe(1);
    expect(stderr.slice(stderr.indexOf("error:"))).toBe(
      `error: output ${join(cli, "dist")} would be embedded by example.com/tool, and flags have an -overlay of their own\n` +
        "  → choose an `output` that no `//go:embed` takes, e.g. a folder outside of the module\n",
    );
    const elsewhere = ["--flags=-overlay=o.json", "--output=../dist"];
    expect((await call([...REAL, ...elsewhere], cli)).status).toBe(0);
    rmSync(join(cli, "../dist"), { recursive: true });
  });
});
