import { symlinkSync } from "node:fs";
import { pathWith } from "../../support/path.ts";
import { lines, refuses } from "../../support/refusal.ts";
import { PROGRAM, Repository, temporaryFolder } from "../../support/repository.ts";

refuses("the repository and its tags", [
  {
    name: "a changed file",
    prepare: (repository) => {
      repository.write({ "main.go": "package main\n\nfunc main() {}\n" });
      return undefined;
    },
    bundled: true,
    argv: ["--dry-run=false"],
    says: lines(
      "error: the work tree is dirty: main.go",
      "  → v1.2.3 must be built from its commit alone: commit, stash, remove or ignore these files, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "files that nobody committed",
    prepare: (repository) => {
      for (const name of ["a", "b", "c", "d", "e", "f", "g"]) repository.write({ [name]: "" });
      return undefined;
    },
    argv: ["--dry-run=false"],
    says: lines(
      "error: the work tree is dirty: a, b, c, d, e and 2 more",
      "  → v1.2.3 must be built from its commit alone: commit, stash, remove or ignore these files, or declare what an earlier step makes with `generated`",
    ),
  },
  {
    name: "a tag at HEAD that is not SemVer",
    tag: "v1.2",
    says: lines(
      "error: tag v1.2 is not SemVer",
      "  → name it v1.2.0: a version has three numbers (semver.org)",
    ),
  },
  {
    name: "a tag at HEAD with a leading zero",
    tag: "v1.02.3",
    says: lines(
      "error: tag v1.02.3 is not SemVer",
      "  → name it v1.2.3: numbers have no leading zeros (semver.org)",
    ),
  },
  {
    name: "a given tag that is not SemVer",
    tag: "stable",
    argv: ["--tag=stable"],
    says: lines(
      "error: input tag stable is not SemVer",
      "  → name it like v1.2.3 or v1.2.3-rc.1 (semver.org)",
    ),
  },
  {
    name: "a release beside its candidate at HEAD",
    tag: "v1.10.0",
    prepare: (repository) => {
      for (const tag of ["v1.10.0-rc.1", "v1.9.0"]) repository.git("tag", tag);
      return undefined;
    },
    says: lines(
      "error: HEAD has 3 release tags: v1.10.0, v1.10.0-rc.1, v1.9.0",
      "  → say which one: `--tag v1.10.0`, or let CI start for it",
    ),
  },
  {
    name: "two tags at HEAD",
    prepare: (repository) => {
      repository.git("tag", "v1.3.0");
      return undefined;
    },
    says: lines(
      "error: HEAD has 2 release tags: v1.2.3, v1.3.0",
      "  → say which one: `--tag v1.3.0`, or let CI start for it",
    ),
  },
  {
    name: "a tag of another commit",
    prepare: (repository) => {
      repository.commit();
      return undefined;
    },
    argv: ["--tag=v1.2.3"],
    says: lines(
      "error: tag v1.2.3 is at <hash>, HEAD at <hash>",
      "  → check out the tag first: `git checkout v1.2.3`, or `ref: refs/tags/v1.2.3` of actions/checkout",
    ),
  },
  {
    name: "a tag that is not there",
    argv: ["--tag=v2.0.0"],
    says: lines(
      "error: tag v2.0.0 is not in this clone",
      "  → fetch it with `git fetch --tags`, or make it with `git tag v2.0.0`",
    ),
  },
  {
    name: "a tag that a shallow clone hides",
    prepare: (repository) => {
      repository.commit();
      const clone = temporaryFolder();
      repository.git("clone", "-q", "--depth=1", `file://${repository.folder}`, clone);
      return clone;
    },
    argv: ["--tag=v1.2.3"],
    says: lines(
      "error: tag v1.2.3 is not in this shallow clone",
      "  → fetch it: `git fetch --tags --unshallow`, `fetch-depth: 0` of actions/checkout, or `GIT_DEPTH: 0`",
    ),
  },
  {
    name: "the root's tag for a module in a sub-folder",
    tree: {
      "go.mod": "module example.com/tool\n\ngo 1.21\n",
      "server/go.mod": "module example.com/tool/server\n\ngo 1.21\n",
      "server/main.go": "package main\n\nfunc main() {}\n",
    },
    argv: ["--working-directory=server", "--tag=v1.2.3"],
    says: lines(
      "error: tag v1.2.3 is not one of the module in server",
      "  → Go gives that module tags like server/v1.2.3; tag it so, or set `working-directory`",
    ),
  },
  {
    name: "a sub-folder's tag that is not SemVer",
    tree: {
      "go.mod": "module example.com/tool\n\ngo 1.21\n",
      "server/go.mod": "module example.com/tool/server\n\ngo 1.21\n",
      "server/main.go": "package main\n\nfunc main() {}\n",
    },
    tag: "server/v1",
    argv: ["--working-directory=server"],
    says: lines(
      "error: tag server/v1 is not SemVer",
      "  → name it server/v1.0.0: a version has three numbers (semver.org)",
    ),
  },
  {
    name: "publishing without a tag",
    tag: null,
    argv: ["--dry-run=false"],
    says: lines(
      "error: dry-run: false, and there is no release tag at HEAD",
      "  → tag the commit (`git tag v1.2.3`) and push the tag, or leave `dry-run` out",
    ),
  },
  {
    name: "a tag where there is no repository",
    prepare: () => {
      const folder = temporaryFolder();
      new Repository(folder).write(PROGRAM);
      return folder;
    },
    argv: ["--tag=v1.2.3"],
    says: lines(
      "error: tag v1.2.3 is asked for, and there is no git repository with a commit here",
      "  → run in a clone of the repository, or leave the tag out for a snapshot",
    ),
  },
  {
    name: "no git",
    env: { PATH: pathWith("go") },
    bundled: true,
    says: lines(
      "error: `git` cannot be started",
      "  because there is no git on PATH",
      "  → install git and put it on PATH",
    ),
  },
  {
    name: "no go",
    env: { PATH: pathWith("git") },
    bundled: true,
    says: lines(
      "error: `go` cannot be started",
      "  because there is no go on PATH",
      "  → install Go and put it on PATH, or set `go-version`",
    ),
  },
  {
    name: "a forge without a repository",
    argv: ["--forge=github"],
    says: lines(
      "error: forge github: nothing says which repository",
      "  → set `repository: owner/name`",
    ),
  },
  {
    name: "notes that are not there",
    argv: ["--notes=RELEASE.md"],
    says: lines(
      "error: notes: <folder>/RELEASE.md is not a file",
      "  → use `auto`, `generated`, `tag` or the path of a Markdown file",
    ),
  },
  {
    name: "a pattern that matches nothing",
    argv: ["--files=docs/*.md"],
    says: lines(
      "error: no file matches `docs/*.md` in <folder>",
      "  → correct the pattern or take it out of `files`",
    ),
  },
  {
    name: "a folder for a pattern",
    tree: { ...PROGRAM, "docs/a.md": "" },
    argv: ["--files=docs"],
    says: lines(
      "error: no file matches `docs` in <folder>",
      "  → write `docs/**` for all files of a folder",
    ),
  },
  {
    name: "a pattern that leaves the module",
    argv: ["--files=../secret"],
    says: lines(
      "error: `../secret` does not choose files of the module",
      "  → a pattern is relative to the module's folder and stays inside it",
    ),
  },
  {
    name: "a link that leaves the module",
    prepare: (repository) => {
      symlinkSync("/etc/hostname", `${repository.folder}/README`);
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      return undefined;
    },
    says: lines(
      "error: the link README leads to /etc/hostname, which is not released",
      "  → copy the file, or let the link lead to one inside <folder>",
    ),
  },
  {
    name: "a link to nowhere",
    prepare: (repository) => {
      symlinkSync("gone", `${repository.folder}/README`);
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      return undefined;
    },
    says: lines(
      "error: the link README leads nowhere",
      "  → mend the link or take it out of `files`",
    ),
  },
]);
