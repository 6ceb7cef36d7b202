import { symlinkSync } from "node:fs";
import { pathWith } from "../support/path.ts";
import { lines, refuses } from "../support/refusal.ts";
import { emptyRepository, PROGRAM, Repository, temporaryFolder } from "../support/repository.ts";

refuses("the repository and its tags", [
  {
    name: "a changed file",
    prepare: (repository) => {
      repository.write({ "main.go": "package main\n\nfunc main() {}\n" });
      return undefined;
    },
    bundled: true,
    says: "?",
  },
  {
    name: "files that nobody committed",
    prepare: (repository) => {
      for (const name of ["a", "b", "c", "d", "e", "f", "g"]) repository.write({ [name]: "" });
      return undefined;
    },
    says: "?",
  },
  { name: "a tag at HEAD that is not SemVer", tag: "v1.2", says: "?" },
  { name: "a tag at HEAD with a leading zero", tag: "v1.02.3", says: "?" },
  { name: "a given tag that is not SemVer", tag: "stable", argv: ["--tag=stable"], says: "?" },
  {
    name: "two tags at HEAD",
    prepare: (repository) => {
      repository.git("tag", "v1.3.0");
      return undefined;
    },
    says: "?",
  },
  {
    name: "a tag of another commit",
    prepare: (repository) => {
      repository.commit();
      return undefined;
    },
    argv: ["--tag=v1.2.3"],
    says: "?",
  },
  { name: "a tag that is not there", argv: ["--tag=v2.0.0"], says: "?" },
  {
    name: "a tag that a shallow clone hides",
    prepare: (repository) => {
      repository.commit();
      const clone = temporaryFolder();
      repository.git("clone", "-q", "--depth=1", `file://${repository.folder}`, clone);
      return clone;
    },
    argv: ["--tag=v1.2.3"],
    says: "?",
  },
  {
    name: "the root's tag for a module in a sub-folder",
    tree: {
      "server/go.mod": "module example.com/tool/server\n\ngo 1.21\n",
      "server/main.go": "package main\n\nfunc main() {}\n",
    },
    argv: ["--working-directory=server", "--tag=v1.2.3"],
    says: "?",
  },
  {
    name: "a sub-folder's tag that is not SemVer",
    tree: {
      "server/go.mod": "module example.com/tool/server\n\ngo 1.21\n",
      "server/main.go": "package main\n\nfunc main() {}\n",
    },
    tag: "server/v1",
    argv: ["--working-directory=server"],
    says: "?",
  },
  { name: "publishing without a tag", tag: null, argv: ["--dry-run=false"], says: "?" },
  {
    name: "a tag where there is no repository",
    prepare: () => {
      const folder = temporaryFolder();
      new Repository(folder).write(PROGRAM);
      return folder;
    },
    argv: ["--tag=v1.2.3"],
    says: "?",
  },
  {
    name: "a repository without a commit",
    prepare: () => emptyRepository(PROGRAM).folder,
    says: "?",
  },
  { name: "no git", env: { PATH: pathWith("go") }, bundled: true, says: "?" },
  { name: "no go", env: { PATH: pathWith("git") }, bundled: true, says: "?" },
  { name: "a forge without a repository", argv: ["--forge=github"], says: "?" },
  { name: "notes that are not there", argv: ["--notes=RELEASE.md"], says: "?" },
  { name: "a pattern that matches nothing", argv: ["--files=docs/*.md"], says: "?" },
  {
    name: "a folder for a pattern",
    tree: { ...PROGRAM, "docs/a.md": "" },
    argv: ["--files=docs"],
    says: "?",
  },
  { name: "a pattern that leaves the module", argv: ["--files=../secret"], says: "?" },
  {
    name: "a link that leaves the module",
    prepare: (repository) => {
      symlinkSync("/etc/hostname", `${repository.folder}/README`);
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      return undefined;
    },
    says: "?",
  },
  {
    name: "a link to nowhere",
    prepare: (repository) => {
      symlinkSync("gone", `${repository.folder}/README`);
      repository.commit();
      repository.git("tag", "-f", "v1.2.3");
      return undefined;
    },
    says: "?",
  },
]);
