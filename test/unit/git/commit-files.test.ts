import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { Entry } from "../../../src/archives/archive.ts";
import { tarMembers } from "../../../src/archives/untar.ts";
import { CommitFiles } from "../../../src/git/commit-files.ts";
import { capture } from "../../../src/world/node/capture.ts";
import { files } from "../../../src/world/node/files.ts";
import { plainEnvironment } from "../../support/program.ts";
import { emptyRepository, Repository, temporaryFolder } from "../../support/repository.ts";
import { bytesOf } from "../archives/samples.ts";

const LONG = `${"folder/".repeat(30)}a-file-whose-path-is-longer-than-any-header.txt`;

/** A tagged repository with everything that `git archive` treats in its own way. */
function odd(): Repository {
  const repository = emptyRepository({
    "main.go": "package main\n",
    "ü/ß.txt": "text\n",
    [LONG]: "long\n",
    empty: "",
    "internal/secret.txt": "not for export\n",
    "crlf.bat": "echo\n",
    "version.txt": "$Format:%H %D %(describe)$\n",
    ".gitattributes":
      "internal export-ignore\nversion.txt export-subst\n*.bat text eol=crlf\n*.bin filter=made\n",
    "a.bin": "as committed\n",
    run: "#!/bin/sh\n",
  });
  chmodSync(join(repository.folder, "run"), 0o755);
  symlinkSync("main.go", join(repository.folder, "link"));
  symlinkSync(LONG, join(repository.folder, "long-link"));
  repository.commit("v1.2.3");
  return repository;
}

function filesOf({ folder }: Repository): CommitFiles {
  return new CommitFiles(
    { root: folder, env: plainEnvironment(), trusted: [] },
    { capture, files },
  );
}

type Shown = Readonly<Record<string, string>>;

async function shown(entries: readonly Entry[]): Promise<Shown> {
  const all = entries.map(async (entry): Promise<[string, string]> => {
    const mode = entry.link === undefined ? (entry.executable ? "755" : "644") : "link";
    return [entry.name, `${mode} ${(await bytesOf(entry)).toString("base64")}`];
  });
  return Object.fromEntries((await Promise.all(all)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function ours(repository: Repository, more = { submodules: false }): Promise<Shown> {
  const commit = repository.git("rev-parse", "HEAD");
  const folder = temporaryFolder();
  return await shown(await filesOf(repository).entries({ commit, tag: "v1.2.3", ...more }, folder));
}

/** What `git archive` itself makes, of a clone whose HEAD is the tag alone. */
async function gits({ folder }: Repository): Promise<Shown> {
  const clone = temporaryFolder();
  execFileSync("git", ["clone", "-q", "--bare", `file://${folder}`, clone]);
  for (const name of ["HEAD"]) writeFileSync(join(clone, name), "ref: refs/heads/none\n");
  execFileSync("git", ["update-ref", "-d", "refs/heads/main"], { cwd: clone });
  const tar = execFileSync("git", ["archive", "--format=tar", "v1.2.3"], { cwd: clone });
  const found: Record<string, string> = {};
  for await (const { type, name, link, mode, content } of tarMembers(Readable.from([tar]))) {
    if (type === "5") continue;
    const bytes: Uint8Array[] = [];
    for await (const part of content) bytes.push(part);
    const text = type === "2" ? Buffer.from(link) : Buffer.concat(bytes);
    const kind = type === "2" ? "link" : (mode & 0o100) === 0 ? "644" : "755";
    found[name] = `${kind} ${text.toString("base64")}`;
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

it("are what `git archive` makes of them", async () => {
  const repository = odd();
  const found = await ours(repository);
  expect(found).toEqual(await gits(repository));
  expect(Object.keys(found)).toContain(LONG);
  expect(found["link"]).toBe(`link ${Buffer.from("main.go").toString("base64")}`);
  expect(found["internal/secret.txt"]).toBeUndefined();
  expect(found["crlf.bat"]).toBe(`644 ${Buffer.from("echo\r\n").toString("base64")}`);
});

it("are the same whatever the work tree, the clone and this machine say", async () => {
  const repository = odd();
  const before = await ours(repository);
  repository.write({ "main.go": "changed\n", ".gitattributes": "main.go export-ignore\n" });
  mkdirSync(join(repository.folder, ".git/info"), { recursive: true });
  writeFileSync(join(repository.folder, ".git/info/attributes"), "run export-ignore\n");
  repository.git("config", "filter.made.smudge", "echo smudged");
  repository.git("config", "core.autocrlf", "true");
  repository.git("config", "core.abbrev", "5");
  repository.git("branch", "another");
  expect(await ours(repository)).toEqual(before);
});

it("are the same in a shallow clone", async () => {
  const repository = odd();
  repository.git("commit", "-q", "--allow-empty", "-m", "feat: more");
  repository.git("tag", "-f", "v1.2.3");
  const clone = new Repository(temporaryFolder());
  repository.git("clone", "-q", "--depth=1", `file://${repository.folder}`, clone.folder);
  expect(await ours(clone)).toEqual(await ours(repository));
});

it("are those of submodules at the recorded commits, where that is asked for", async () => {
  const library = emptyRepository({ "lib.c": "int x;\n" });
  library.commit();
  const repository = emptyRepository({ "main.go": "package main\n" });
  repository.git(
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "add",
    "-q",
    library.folder,
    "third/lib",
  );
  repository.commit("v1.2.3");
  expect(Object.keys(await ours(repository))).toEqual([".gitmodules", "main.go"]);
  writeFileSync(join(repository.folder, "third/lib/lib.c"), "changed");
  const whole = await ours(repository, { submodules: true });
  expect(Object.keys(whole)).toEqual([".gitmodules", "main.go", "third/lib/lib.c"]);
  expect(whole["third/lib/lib.c"]).toBe(`644 ${Buffer.from("int x;\n").toString("base64")}`);
  const commit = repository.git("rev-parse", "HEAD");
  expect(await filesOf(repository).tree({ commit, submodules: false })).toMatchObject({
    submodules: ["third/lib"],
  });
  repository.git("submodule", "deinit", "-q", "-f", "third/lib");
  await expect(filesOf(repository).tree({ commit, submodules: true })).rejects.toThrow(
    "the submodule third/lib is not checked out",
  );
});

it("tells of files that Git LFS keeps elsewhere", async () => {
  const repository = emptyRepository({ ".gitattributes": "*.bin filter=lfs -text\n" });
  repository.commit();
  const commit = repository.git("rev-parse", "HEAD");
  expect(await filesOf(repository).tree({ commit, submodules: false })).toMatchObject({
    lfs: true,
  });
  expect(readFileSync(join(repository.folder, ".gitattributes"), "utf8")).toContain("lfs");
});
