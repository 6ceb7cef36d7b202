import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Git } from "../../../src/git/git.ts";
import { capture } from "../../../src/world/node/capture.ts";
import { plainEnvironment } from "../../support/program.ts";
import { type Repository, repositoryOf, temporaryFolder } from "../../support/repository.ts";

/** HEAD becomes a commit that carries a signature, which `log.showSignature` has a program look at. */
function sign(repository: Repository): void {
  const { folder } = repository;
  const [head = "", ...message] = repository.git("cat-file", "commit", "HEAD").split("\n\n");
  const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQE=\n -----END PGP SIGNATURE-----";
  const commit = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    cwd: folder,
    input: `${head}\n${signature}\n\n${message.join("\n\n")}\n`,
    encoding: "utf8",
  });
  repository.git("update-ref", "HEAD", commit.trim());
}

describe("tags", () => {
  it("lead to their commits, a tag of a tag too", async () => {
    const repository = repositoryOf({ "a.txt": "a" }, "light");
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    repository.git("tag", "-a", "-m", "one", "inner");
    repository.git("tag", "-a", "-m", "two", "outer", "inner");
    repository.git("tag", "of/a-file", "HEAD:a.txt");
    const commit = repository.git("rev-parse", "HEAD");
    expect((await git.facts())?.tags).toEqual([
      { name: "inner", commit, merged: true },
      { name: "light", commit, merged: true },
      { name: "of/a-file", commit: repository.git("rev-parse", "HEAD:a.txt"), merged: false },
      { name: "outer", commit, merged: true },
    ]);
    for (const tag of ["inner", "light", "of/a-file", "outer"]) repository.git("tag", "-d", tag);
    expect((await git.facts())?.tags).toEqual([]);
  });
});

describe("an annotated tag's message", () => {
  it.each([
    ["- one\n- two\n\n- three\n", "- one\n- two\n\n- three"],
    ["A title\n\nA body of\ntwo lines.\n", "A title\n\nA body of\ntwo lines."],
    ["one\n-----BEGIN PGP SIGNATURE-----\n\niQE=\n-----END PGP SIGNATURE-----\n", "one"],
    ["-----BEGIN SSH SIGNATURE-----\nU1=\n-----END SSH SIGNATURE-----\n", ""],
  ])("stays as it was written: %j", async (written, message) => {
    const repository = repositoryOf({ "a.txt": "a" }, "light");
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    const commit = repository.git("rev-parse", "HEAD");
    const tagger = "tagger Test <test@example.com> 1769860800 +0000";
    const tag = execFileSync("git", ["hash-object", "-t", "tag", "-w", "--stdin"], {
      cwd: repository.folder,
      input: `object ${commit}\ntype commit\ntag v1.0.0\n${tagger}\n\n${written}`,
      encoding: "utf8",
    });
    repository.git("update-ref", "refs/tags/v1.0.0", tag.trim());
    expect(await git.tagMessage("v1.0.0")).toBe(message);
    expect(await git.tagMessage("light")).toBeUndefined();
  });
});

describe("the history", () => {
  it("has subjects, and what footers say of breaking changes", async () => {
    const repository = repositoryOf({ "a.txt": "a" });
    const commit = (message: string): string => {
      repository.git("commit", "-q", "--allow-empty", "-m", message);
      return repository.git("rev-parse", "HEAD");
    };
    repository.write({ "sub/b.txt": "b" });
    repository.git("add", "-A");
    const first = commit("feat: ü\n\nBody.\n\nBREAKING CHANGE: all\nis new\nRefs: #1\n\nLast.");
    repository.write({ "sub/b.txt": "c" });
    repository.git("add", "-A");
    const second = commit("fix: b\n\nNo BREAKING CHANGE: here\n");
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    expect(await git.history("v1.2.3..HEAD", "sub")).toEqual({
      commits: [
        { hash: second, subject: "fix: b" },
        { hash: first, subject: "feat: ü", breaking: "all is new" },
      ],
      moreCommits: 0,
    });
    expect(await git.commits("v1.2.3..HEAD")).toEqual([second, first]);
  });
});

describe("dirty files", () => {
  it("are told once, staged and untracked at the same time", async () => {
    const repository = repositoryOf({ "a.txt": "a" });
    repository.git("rm", "-q", "--cached", "a.txt");
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    expect((await git.facts())?.dirty).toEqual(["a.txt"]);
  });
});

describe("committed files", () => {
  it("are as the commit has them, whatever this machine makes of them", async () => {
    const repository = repositoryOf({
      "a.txt": "a\n",
      "ü b.sh": "b\n",
      ".gitattributes": "own* eol=crlf\n",
      own: "c\n",
    });
    repository.git("update-index", "--chmod=+x", "ü b.sh");
    repository.git("commit", "-q", "-m", "x");
    repository.git("config", "core.autocrlf", "true");
    repository.git("config", "core.fileMode", "false");
    for (const path of ["a.txt", "own"]) execFileSync("rm", [join(repository.folder, path)]);
    repository.git("checkout", "-q", ".");
    repository.write({ "new.txt": "n" });
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    expect(await git.tracked(["a.txt", "ü b.sh", "own", "new.txt"])).toEqual(
      new Map([
        ["a.txt", { executable: false }],
        ["own", { executable: false }],
        ["ü b.sh", { executable: true }],
      ]),
    );
    expect(
      await new Git(temporaryFolder(), plainEnvironment(), { capture }).tracked(["a"]),
    ).toEqual(new Map());
  });
});

describe("ignored files", () => {
  it("are told, but for those that were committed all the same", async () => {
    const repository = repositoryOf({ "README.md": "a", ".gitignore": "README*\n" });
    repository.write({ "README.döt": "mine" });
    repository.git("add", "-f", "README.md");
    repository.commit();
    const git = new Git(repository.folder, plainEnvironment(), { capture });
    expect(await git.ignored(["README.md", "README.döt", "LICENSE"])).toEqual(
      new Set(["README.döt"]),
    );
  });

  it("are none without a repository", async () => {
    const git = new Git(temporaryFolder(), plainEnvironment(), { capture });
    expect(await git.ignored(["README.md"])).toEqual(new Set());
  });
});

describe("a repository's own settings", () => {
  it.each([
    ["core.fsmonitor", {}],
    ["gpg.program", { "log.showSignature": "true" }],
  ])("start nothing and change no answer: %s", async (program, more) => {
    const repository = repositoryOf({ "a.txt": "a" });
    sign(repository);
    const outside = temporaryFolder();
    const [script, trace] = [join(outside, "script.sh"), join(outside, "trace")];
    writeFileSync(script, `#!/bin/sh\necho noise\ntouch ${trace}\n`);
    chmodSync(script, 0o755);
    for (const [name, value] of Object.entries({ [program]: script, ...more }))
      repository.git("config", name, value);

    const git = new Git(repository.folder, plainEnvironment(), { capture });
    expect(await git.facts()).toMatchObject({
      commit: repository.git("rev-parse", "HEAD"),
      date: "2026-01-31T12:00:00Z",
      dirty: [],
    });
    expect((await git.history("HEAD", ".")).commits).toHaveLength(1);
    expect(existsSync(trace)).toBe(false);
  });
});
