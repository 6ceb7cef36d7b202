import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { call } from "../support/program.ts";
import { emptyRepository, GO_MOD, repositoryOf, type Tree } from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";

/** A package in C whose stand-in without cgo is `instead`. */
function moduleWith(instead: string): Tree {
  return {
    "go.mod": GO_MOD,
    "main.go": 'package main\n\nimport "example.com/tool/sound"\n\nfunc main() { sound.Play() }\n',
    "sound/sound.go": "package sound\n\n// Sound for everybody.\n",
    "sound/play_cgo.go": `package sound\n\n/*\n${"// C\n".repeat(200)}*/\nimport "C"\n\nfunc Play() {}\n`,
    "sound/play_nocgo.go": `//go:build !cgo\n\npackage sound\n\n${instead}`,
  };
}

function warnings(stderr: string): readonly string[] {
  return stderr.split("\n").filter((line) => line.startsWith("warning:"));
}

describe("without cgo", () => {
  it("a package of which only a stub is left is warned of", async () => {
    const { folder } = repositoryOf(moduleWith('func Play() { panic("no cgo") }\n'));
    const { status, stderr } = await call([LINUX], folder);
    expect(status).toBe(0);
    expect(warnings(stderr)).toEqual([
      "warning: example.com/tool/sound needs cgo and will not work in these programs: CGO_ENABLED=0 leaves only a stub; " +
        "set `env: CGO_ENABLED=1` with a C compiler for each target, or use a pure Go package",
    ]);
  });

  it("a package that does the same in Go is not", async () => {
    const whole = `func Play() {\n${"\tprintln(1)\n".repeat(60)}}\n`;
    const { folder } = repositoryOf(moduleWith(whole));
    const { status, stderr } = await call([LINUX], folder);
    expect(status).toBe(0);
    expect(warnings(stderr)).toEqual([]);
  });

  it("a real program with SQLite in C is told so", async () => {
    const repository = emptyRepository({
      "go.mod": `${GO_MOD}\nrequire github.com/mattn/go-sqlite3 v1.14.19\n`,
      "main.go":
        'package main\n\nimport (\n\t"database/sql"\n\n\t_ "github.com/mattn/go-sqlite3"\n)\n\nfunc main() { println(len(sql.Drivers())) }\n',
    });
    execFileSync("go", ["mod", "tidy"], { cwd: repository.folder, stdio: "ignore" });
    repository.commit("v1.0.0");
    const { status, stderr } = await call([LINUX], repository.folder);
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    expect(warnings(stderr)).toEqual([
      expect.stringContaining("warning: github.com/mattn/go-sqlite3 needs cgo and will not work"),
    ]);
  });
});
