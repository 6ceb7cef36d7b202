import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { COMMANDS, GO_MOD, MAIN, PROGRAM, repositoryOf } from "../support/repository.ts";

const SMALL = ["--targets=linux/amd64", "--sign=none", "--no-provenance", "--sbom=none"];

function packed(folder: string, archive: string): readonly string[] {
  const list = execFileSync("tar", ["tzf", join(folder, "dist", archive)], { encoding: "utf8" });
  return list.trim().split("\n");
}

describe("main", () => {
  const TWO = { ...COMMANDS, "cmd/client/more.go": "package main\n\nvar more = 1\n" };
  it.each([
    ["cmd/client/main.go", "./cmd/client"],
    ["./cmd/client/main.go", "./cmd/client"],
    ["./cmd/client/more.go", "./cmd/client"],
  ])("of the file %s is the package around it", async (main, folderOf) => {
    const { folder } = repositoryOf(TWO);
    const { status, stderr } = await call([...SMALL, `--main=${main}`], folder);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(
      `note: main: ${main} is a file: its package ${folderOf} is built, all its files\n`,
    );
    expect(packed(folder, "tool_1.2.3_linux_amd64.tar.gz")).toEqual(["client"]);
  });

  it.each([
    ["example.com/tool/cmd/server", "server"],
    ["cmd/server/", "server"],
    [".\\cmd\\server", "server"],
    ["main.go", "tool"],
  ])("of %s is the program %s", async (main, binary) => {
    const { folder } = repositoryOf({
      ...COMMANDS,
      ...(binary === "tool" ? PROGRAM : {}),
      "tool.go": "package main\n",
    });
    const { stdout, status } = await call(
      ["plan", "--json", "--targets=linux/amd64", `--main=${main}`],
      folder,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).builds[0].programs).toMatchObject([{ binary }]);
  });
});

describe("-X", () => {
  const VERSIONED = {
    "go.mod": "module example.com/tool/v2\n\ngo 1.21\n",
    "main.go":
      'package main\n\nimport "example.com/tool/v2/internal/version"\n\nfunc main() { println(version.Version) }\n',
    "internal/version/version.go": 'package version\n\nvar Version = "dev"\n',
    "internal/unused/unused.go": "package unused\n\nvar Version string\n",
  };

  it("of a path without its major version is told, with the one that was meant", async () => {
    const { folder } = repositoryOf(VERSIONED, "v2.0.0");
    const x = "example.com/tool/internal/version.Version";
    const { stdout } = await call(["plan", `--ldflags=-X ${x}={version}`], folder);
    expect(stdout).toContain(
      `note: \`ldflags\` cannot set ${x}: there is no such package; example.com/tool/v2/internal/version is probably meant\n`,
    );
  });

  it("of a package that no program is linked from is told when the modules are there", async () => {
    const { folder } = repositoryOf(VERSIONED, "v2.0.0");
    const x = "example.com/tool/v2/internal/unused.Version";
    const good = "example.com/tool/v2/internal/version.Version";
    const ldflags = `--ldflags=-X ${x}=1 -X ${good}=1`;
    expect((await call(["plan", ldflags], folder)).stdout).not.toContain("cannot set");
    const { stderr, status } = await call([...SMALL, ldflags], folder);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(
      `warning: \`ldflags\` cannot set ${x}: no program links that package\n`,
    );
    expect(stderr).not.toContain(good);
  });

  it("of a default that is no string does not fail the link", async () => {
    const main =
      'package main\n\nimport "time"\n\nvar date time.Time\n\nvar version string\n\nfunc main() { println(date.String(), version) }\n';
    const { folder } = repositoryOf({ "go.mod": GO_MOD, "main.go": main });
    const { status, stderr } = await call(SMALL, folder);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(
      "note: `ldflags` cannot set main.date of example.com/tool: it is not a string\n",
    );
  });

  it("is told of a real program, whose own tests do not count", async () => {
    const { folder } = repositoryOf({
      ...PROGRAM,
      "main.go": 'package main\n\nvar Commit = ""\n\nfunc main() {}\n',
      "main_test.go": 'package main\n\nvar commit = ""\n',
    });
    const { stdout } = await call(["plan"], folder);
    expect(stdout).toContain(
      "note: `ldflags` cannot set main.commit of example.com/tool: it is declared as Commit there\n",
    );
  });
});

it("a configuration as GoReleaser's, with several flags in an item of a list, is understood", async () => {
  const { folder } = repositoryOf({
    "go.mod": GO_MOD,
    "main.go": MAIN,
    ".go-release.yaml":
      "builds:\n  - main: ./main.go\n    binary: tool.exe\n    targets: [linux/amd64, windows/amd64]\n    flags:\n      - -trimpath\n    ldflags:\n      - -s -w -X main.version={version}\n      - -X 'main.commit={commit}'\n",
  });
  const { stdout, status, stderr } = await call(["plan", "--json"], folder);
  expect(status, stderr).toBe(0);
  const { builds } = JSON.parse(stdout);
  expect(
    builds.map((build: { programs: readonly { binary: string }[] }) => build.programs[0]?.binary),
  ).toEqual(["tool", "tool.exe"]);
  expect(builds[0].ldflags.slice(0, 4)).toEqual(["-s", "-w", "-X", "main.version=1.2.3"]);
});
