import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { settingsOf } from "../support/path.ts";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf, SMALL, temporaryFolder } from "../support/repository.ts";

const LINUX = ["build", "--targets=linux/amd64"];

describe("settings of the environment", () => {
  it("that `go build` would take are named once, with the inputs that say the same", async () => {
    const { folder } = repositoryOf(PROGRAM);
    const { status, stderr } = await call(["plan"], folder, {
      GOFLAGS: "-tags=extra -trimpath",
      GOENV: settingsOf("GOEXPERIMENT=jsonv2\nGOFLAGS=-race\n"),
      GOAMD64: "v1",
      CGO_ENABLED: "1",
    });
    expect(status).toBe(0);
    expect(stderr.match(/ignored; use/gu)).toHaveLength(1);
    expect(stderr).toContain(
      "note: Go settings of this environment are ignored; use inputs instead: CGO_ENABLED=1 (use `env: CGO_ENABLED=1`); GOEXPERIMENT=jsonv2 (use `env: GOEXPERIMENT=jsonv2`); GOFLAGS=-tags=extra (use `tags: extra`)",
    );
  });

  it("are not named where inputs say the same", async () => {
    const { folder } = repositoryOf(PROGRAM);
    const env = { GOFLAGS: "-tags=extra", GOEXPERIMENT: "jsonv2", CGO_ENABLED: "0" };
    const argv = ["plan", "--tags=extra", "--env=GOEXPERIMENT=jsonv2"];
    const { status, stderr } = await call(argv, folder, env);
    expect(status).toBe(0);
    expect(stderr).not.toContain("ignored; use");
  });
});

it("a home, GOPATH and caches inside the project do not make its tree dirty", async () => {
  const repository = repositoryOf(SMALL);
  const inside = (...names: readonly string[]) => join(repository.folder, ...names);
  mkdirSync(inside(".go/bin"), { recursive: true });
  writeFileSync(inside(".go/bin/linter"), "installed by an earlier step");
  const env = {
    HOME: inside(".home"),
    XDG_CACHE_HOME: "",
    GOPATH: inside(".go"),
    GOMODCACHE: "",
    GOCACHE: inside(".cache/go-build"),
  };
  for (const _ of ["cold", "warm"]) {
    const { status, stdout, stderr } = await call([...LINUX, "--json"], repository.folder, env);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { binaries, plan } = JSON.parse(stdout) as Manifest;
    expect(plan.release.snapshot).toBe(false);
    expect(binaries[0]?.inspection.buildInfo.settings["vcs.modified"]).toBe("false");
    expect(repository.git("status", "--porcelain")).toBe("");
  }
  writeFileSync(inside(".cache/own.txt"), "x");
  const { stderr } = await call(LINUX, repository.folder, env);
  expect(stderr).toContain(
    "the work tree is dirty, and a release of v1.2.3 would be refused: .cache/",
  );
});

describe("a cache that Go cannot use", () => {
  it.each([
    [
      "below a file",
      { GOCACHE: "FILE/cache" },
      "→ set GOCACHE (by default it is under HOME) to a folder that this user can write to",
    ],
    [
      "in a home that is missing",
      { GOCACHE: "", HOME: "/proc/nonexistent" },
      "→ set GOMODCACHE (by default it is under GOPATH or HOME) to a folder that this user can write to",
    ],
    [
      "with a relative path",
      { GOCACHE: ".cache/go-build" },
      'error: GOCACHE is not an absolute path; got ".cache/go-build"\n  → use an absolute path: `GOCACHE=',
    ],
    [
      "in a relative GOPATH",
      { GOPATH: ".go" },
      "→ set GOPATH to an absolute path, e.g. `$PWD/.go`",
    ],
    ["without a home", { GOCACHE: "", HOME: "" }, "error: Go has no cache folder"],
    [
      "for modules, below a file",
      { GOMODCACHE: "FILE/mod" },
      "→ set GOMODCACHE (by default it is under GOPATH or HOME)",
    ],
    [
      "for modules, with a relative path",
      { GOMODCACHE: ".mod" },
      'error: GOMODCACHE is not an absolute path; got ".mod"',
    ],
  ])("%s is called that, with its cure", async (_, given, says) => {
    const { folder } = repositoryOf({
      ...PROGRAM,
      "go.mod": "module example.com/tool\n\ngo 1.21\n\nrequire golang.org/x/text v0.14.0\n",
      "go.sum":
        "golang.org/x/text v0.14.0 h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=\n" +
        "golang.org/x/text v0.14.0/go.mod h1:18ZOQIKpY8NJVqYksKHtTdi31H5itFRjB5/qKTNYzSU=\n",
      "main.go": 'package main\n\nimport _ "golang.org/x/text/width"\n\nfunc main() {}\n',
    });
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const env = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace("FILE", file)]),
    );
    const { status, stderr } = await call(LINUX, folder, { XDG_CACHE_HOME: "", ...env });
    expect(status).toBe(1);
    expect(stderr).toContain(says);
  });
});
