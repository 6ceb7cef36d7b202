import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { LINUX, REAL, released } from "../../support/released.ts";
import { GO_MOD, repositoryOf, temporaryFolder } from "../../support/repository.ts";

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
    const again = await call(["verify", "dist", "--any-signer", "--rebuild", LINUX], cli);
    expect(again.stdout, again.stderr).toContain("rebuilt: every byte is identical");
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
        "  → choose an `output` that no `//go:embed` matches, e.g. a folder outside the module\n",
    );
    const elsewhere = ["--flags=-overlay=o.json", "--output=../dist"];
    expect((await call([...REAL, ...elsewhere], cli)).status).toBe(0);
    rmSync(join(cli, "../dist"), { recursive: true });
  });
});
