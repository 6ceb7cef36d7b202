import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { moduleProxy } from "../../support/module-proxy.ts";
import { pathWithGo } from "../../support/path.ts";
import { call, plainEnvironment } from "../../support/program.ts";
import { ANSWER, EMBEDDING, LINUX, manifestIn, REAL } from "../../support/released.ts";
import {
  emptyRepository,
  GO_MOD,
  PROGRAM,
  Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

describe("what only a fetched module imports", () => {
  it("is held when it is there, before anything is compiled", async () => {
    const proxy = await moduleProxy({
      "example.com/between": {
        "go.mod": "module example.com/between\n\ngo 1.21\n\nrequire example.com/lib v1.0.0\n",
        "between.go": 'package between\n\nimport "example.com/lib"\n\nvar Answer = lib.Answer()\n',
      },
      "example.com/lib": { "go.mod": "module example.com/lib\n\ngo 1.21\n", "lib.go": ANSWER },
    });
    const env = { GOPROXY: proxy, GOSUMDB: "off", GOFLAGS: "-modcacherw" };
    const repository = emptyRepository({
      "go.mod": `${GO_MOD}\nrequire example.com/between v1.0.0\n\nreplace example.com/lib => ./third/lib\n`,
      "main.go":
        'package main\n\nimport "example.com/between"\n\nfunc main() { println(between.Answer) }\n',
      "third/lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
      "third/lib/lib.go": ANSWER,
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
      `error: changed while it was built: ${name} (check sources)\n  → make sure nothing writes to the sources during the run, then run again\n`,
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
