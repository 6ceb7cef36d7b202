import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call } from "../../support/program.ts";
import {
  ANSWER,
  ASKING,
  EMBEDDING,
  LINUX,
  manifestIn,
  released,
  warnings,
} from "../../support/released.ts";
import {
  emptyRepository,
  GO_MOD,
  MAIN,
  PROGRAM,
  Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

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
      "main.go": ASKING,
      "vendor/modules.txt": "# example.com/lib v1.0.0\n## explicit\nexample.com/lib\n",
      "vendor/example.com/lib/lib.go": ANSWER,
      "c.go":
        'package main\n\n// #cgo CFLAGS: -I${SRCDIR}/include\n// #include "x.h"\nimport "C"\n',
      "include/x.h": "",
    });
    await released(repository.folder, "--env=CGO_ENABLED=1");
  });

  it("has a submodule and a replaced module in the repository, and lies in a folder of it", async () => {
    const library = repositoryOf({ "go.mod": "module example.com/lib\n", "lib.go": ANSWER });
    const repository = emptyRepository({
      LICENSE: "MIT\n",
      "cli/go.mod":
        `${GO_MOD}\nrequire (\n\texample.com/lib v1.0.0\n\texample.com/near v1.0.0\n)\n\n` +
        "replace (\n\texample.com/lib => ../third/lib\n\texample.com/near => ../near\n)\n",
      "cli/main.go": ASKING.replace("main\n", 'main\n\nimport _ "example.com/near"\n'),
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
      expect.stringMatching(/warning: LICENSE: different from the commit, so a release/u),
      expect.stringMatching(/warning: conf\/, x\.local\.go: not in the commit, so a release/u),
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
