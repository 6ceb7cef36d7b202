import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lines, refuses } from "../../support/refusal.ts";
import { ANSWER, ASKING, EMBEDDING } from "../../support/released.ts";
import {
  GO_MOD,
  MAIN,
  PROGRAM,
  Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

/** A real release, into a folder. */
const REAL = ["--dry-run=false", "--forge=directory", "--targets=linux/amd64,windows/arm64"];

const REQUIRING = `${GO_MOD}\nrequire example.com/lib v1.0.0\n`;

refuses("what is compiled and not in the commit", [
  {
    name: "a Go file that git ignores",
    tree: { ...PROGRAM, ".gitignore": "local_*.go\n" },
    prepare: (repository) => repository.write({ "local_x.go": "package main\n" }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: local_x.go",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "a Go file for one of the targets alone",
    tree: { ...PROGRAM, ".gitignore": "local_*.go\n" },
    prepare: (repository) =>
      repository.write({
        "local_windows.go": "package main\n",
        "local_plan9.go": "package main\n",
        "local_test.go": "package main\n",
      }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: local_windows.go",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "assembler and an object file",
    tree: { ...PROGRAM, ".gitignore": "*.syso\n*.s\n" },
    prepare: (repository) =>
      repository.write({ "icon_windows.syso": "", "fast_amd64.s": "" }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: fast_amd64.s, icon_windows.syso",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "an embedded folder that git ignores",
    tree: {
      ...PROGRAM,
      "embed.go": EMBEDDING("web/dist"),
      ".gitignore": "/web/dist\n",
      "web/a": "",
    },
    prepare: (repository) =>
      repository.write({ "web/dist/index.html": "<p>", "web/dist/js/app.js": "1" }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: web/dist/",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "a vendor folder that git ignores",
    tree: { ...PROGRAM, "go.mod": REQUIRING, "main.go": ASKING, ".gitignore": "vendor/\n" },
    prepare: (repository) =>
      repository.write({
        "vendor/modules.txt": "# example.com/lib v1.0.0\n## explicit\nexample.com/lib\n",
        "vendor/example.com/lib/lib.go": ANSWER,
      }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: vendor/",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "a profile that git ignores",
    tree: { ...PROGRAM, ".gitignore": "*.pgo\n" },
    prepare: (repository) => repository.write({ "default.pgo": "" }) as undefined,
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: default.pgo",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "an overlay and what it puts in a file's place",
    tree: { ...PROGRAM, ".gitignore": "overlay*\n" },
    prepare: (repository) =>
      repository.write({
        "overlay.json": JSON.stringify({ Replace: { "main.go": "overlay/main.go" } }),
        "overlay/main.go": MAIN,
      }) as undefined,
    argv: [...REAL, "--flags=-overlay=overlay.json"],
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: overlay.json, overlay/",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "headers and libraries of #cgo lines",
    tree: {
      ...PROGRAM,
      "c.go": `package main

// #cgo CFLAGS: -I\${SRCDIR}/include
// #cgo LDFLAGS: -L\${SRCDIR}/lib \${SRCDIR}/other/libtwo.a
// #include "made.h"
import "C"
`,
      ".gitignore": "made*\n*.a\n",
      "include/kept.h": "",
    },
    prepare: (repository) =>
      repository.write({
        "include/made.h": "",
        "include/made.txt": "no header\n",
        "lib/libone.a": "",
        "other/libtwo.a": "",
      }) as undefined,
    argv: ["--dry-run=false", "--forge=directory", "--targets=linux/amd64", "--env=CGO_ENABLED=1"],
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: include/made.h, lib/, other/",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "a packed file that git ignores",
    tree: { ...PROGRAM, ".gitignore": "completions/\n", "docs/a.md": "a\n" },
    prepare: (repository) => repository.write({ "completions/tool.bash": "" }) as undefined,
    argv: [...REAL, "--files=completions/*,docs/**"],
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: completions/",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`",
    ),
  },
]);

refuses("what is compiled and not as the commit has it", [
  {
    name: "changes that git was told to overlook",
    prepare: (repository) => {
      repository.git("update-index", "--assume-unchanged", "main.go");
      repository.write({ "main.go": MAIN.replace("tool", "evil") });
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not as the commit has it: main.go",
      "  → restore it with `git checkout`, after `git update-index --no-assume-unchanged --no-skip-worktree` where git overlooks it, or declare it with `generated`",
    ),
  },
  {
    name: "files that a sparse checkout leaves out",
    tree: {
      ...PROGRAM,
      "more.go": "package main\n",
      "a/1": "",
      "a/b/2": "",
      "e.go": EMBEDDING("a"),
    },
    prepare: (repository) => {
      repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/more.go", "!/a/b");
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  in the commit, and not here: a/b/2, more.go",
      "  → check the whole commit out (`git sparse-checkout disable`, `git update-index --no-skip-worktree`)",
    ),
  },
  {
    name: "line ends that this machine converts",
    tree: {
      ...PROGRAM,
      "a.txt": "1\n2\n",
      "e.go": EMBEDDING("a.txt"),
      ".gitattributes": "*.go -text\n",
    },
    prepare: (repository) => {
      repository.git("config", "core.autocrlf", "true");
      for (const name of ["a.txt", "e.go", "LICENSE"]) rmSync(join(repository.folder, name));
      repository.git("checkout", "-q", ".");
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  other line ends than in the commit: LICENSE, a.txt",
      "  → write `* text=auto eol=lf` into .gitattributes, or clone again with `core.autocrlf` off",
    ),
  },
  {
    name: "a Git LFS pointer",
    tree: {
      ...PROGRAM,
      ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
      "e.go": EMBEDDING("model.bin"),
      "model.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 5\n`,
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  a Git LFS pointer in place of the file: model.bin",
      "  → fetch it with `git lfs pull`, or `lfs: true` of actions/checkout",
    ),
  },
  {
    name: "a submodule at another commit that git was told not to show",
    tree: {
      ...PROGRAM,
      "go.mod": `${REQUIRING}\nreplace example.com/lib => ./third/lib\n`,
      "main.go": ASKING,
    },
    prepare: (repository) => {
      const library = repositoryOf({ "go.mod": "module example.com/lib\n", "lib.go": ANSWER });
      library.write({ "lib.go": ANSWER.replace("42", "43") });
      library.commit();
      const protocol = ["-c", "protocol.file.allow=always"];
      repository.git(...protocol, "submodule", "--quiet", "add", library.folder, "third/lib");
      repository.git("config", "-f", ".gitmodules", "submodule.third/lib.ignore", "all");
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      new Repository(join(repository.folder, "third/lib")).git("checkout", "-q", "HEAD~1");
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  in a submodule at another commit: third/lib (<hash> instead of <hash>)",
      "  → run `git submodule update --init --recursive`",
    ),
  },
  {
    name: "everything at once",
    tree: { ...PROGRAM, ".gitignore": "local_*\n" },
    prepare: (repository) => {
      repository.git("update-index", "--assume-unchanged", "main.go");
      const names = Array.from({ length: 7 }, (_, at) => `local_${at}.go`);
      const local = Object.fromEntries(names.map((name) => [name, "package main\n"]));
      repository.write({ ...local, "main.go": `${MAIN}\n` });
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  not in the commit: local_0.go, local_1.go, local_2.go, local_3.go, local_4.go and 2 more",
      "  not as the commit has it: main.go",
      "  → commit it or remove it, or declare what an earlier step makes with `generated`; restore it with `git checkout`, after `git update-index --no-assume-unchanged --no-skip-worktree` where git overlooks it, or declare it with `generated`",
    ),
  },
]);

refuses("what lies outside of the repository", [
  {
    name: "a module that a folder replaces",
    tree: { ...PROGRAM, "app/go.mod": GO_MOD, "app/main.go": MAIN },
    prepare: (repository) => {
      const parent = temporaryFolder();
      execFileSync("mkdir", [join(parent, "lib")]);
      new Repository(join(parent, "lib")).write({
        "go.mod": "module example.com/lib\n",
        "lib.go": ANSWER,
      });
      const at = join(parent, "app");
      repository.git("clone", "-q", repository.folder, at);
      const clone = new Repository(at);
      clone.write({
        "go.mod": `${REQUIRING}\nreplace example.com/lib => ../lib\n`,
        "main.go": ASKING,
      });
      clone.commit();
      clone.git("tag", "-f", "v1.2.3");
      return at;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  outside of the repository: ../lib/",
      "  → move it into the repository, or require a published version of the module",
    ),
  },
  {
    name: "a source that is a link",
    prepare: (repository) => {
      // Beside the repository, so that its path is the same in every run.
      const outside = join(temporaryFolder(), "outside.go");
      writeFileSync(outside, "package main\n");
      symlinkSync("../nowhere/outside.go", join(repository.folder, "linked.go"));
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      rmSync(join(repository.folder, "linked.go"));
      repository.git("update-index", "--assume-unchanged", "linked.go");
      symlinkSync(outside, join(repository.folder, "linked.go"));
      return undefined;
    },
    argv: REAL,
    says: lines(
      "error: v1.2.3 would not be its commit alone",
      "  a link out of the repository: linked.go (../nowhere/outside.go)",
      "  → put the file in the link's place, or let it lead to one in the repository",
    ),
  },
]);
