import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommitFiles } from "../../src/git/commit-files.ts";
import { moduleSum } from "../../src/go/module-sum.ts";
import { node } from "../../src/world/node.ts";
import { moduleProxy } from "../support/module-proxy.ts";
import { call } from "../support/program.ts";
import { emptyRepository, repositoryOf, SMALL, temporaryFolder } from "../support/repository.ts";
import { sumDatabase } from "../support/sum-database.ts";

const TOOL = "example.com/tool";
const VERIFY = ["verify", "dist", "--any-signer", "--sum-database"];

/** What Go itself says of a module, with nothing fetched before. */
function downloaded(
  module: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<"Sum" | "GoModSum", string>> {
  const folder = temporaryFolder();
  const own = { GOMODCACHE: join(folder, "modules"), GOFLAGS: "-modcacherw", GOSUMDB: "off" };
  const words = ["mod", "download", "-json", module];
  const options = { cwd: folder, env: { ...process.env, ...own, ...env } };
  return JSON.parse(execFileSync("go", words, options).toString());
}

type Files = Readonly<Record<string, string>>;

/** A module proxy that has one tree as v1.0.0, and a checksum database that has seen another. */
async function published(tree: Files, seen = tree): Promise<Files> {
  const GOPROXY = await moduleProxy({ [TOOL]: tree });
  const known = { GOPROXY: await moduleProxy({ [TOOL]: seen }) };
  const { Sum: sum, GoModSum: modSum } = downloaded(`${TOOL}@v1.0.0`, known);
  const GOSUMDB = sumDatabase(GOPROXY, { path: TOOL, version: "v1.0.0", sum, modSum });
  // Go keeps there what a database said last.
  return { GOPROXY, GOSUMDB, GOPATH: temporaryFolder() };
}

async function released(tag = "v1.0.0") {
  const repository = repositoryOf(SMALL, tag);
  const { status, stderr } = await call(["--targets=linux/amd64"], repository.folder);
  expect(status, stderr).toBe(0);
  return repository;
}

describe("verify --sum-database", () => {
  it("finds the commit in it, a moved tag, an altered proxy, and what it is not asked", async () => {
    const env = await published(SMALL);
    const { folder } = await released();
    const sound = await call(VERIFY, folder, env);
    expect(sound.stderr).not.toContain("error:");
    expect(sound.stdout).toMatch(
      /✓ example\.com\/tool@v1\.0\.0 in the checksum database is commit [\da-f]{40} \(h1:\S+\)\n/u,
    );
    const closed = await call(VERIFY, folder, { ...env, GOPRIVATE: "example.com/*" });
    expect(closed.status).toBe(0);
    expect(closed.stdout).toContain(
      "note: the checksum database cannot tell: GONOSUMDB=example.com/* keeps example.com/tool out of it",
    );
    const other = { ...SMALL, "more.go": "package main\n" };
    const unlike = await call(VERIFY, folder, await published(other));
    expect(unlike.status).toBe(1);
    expect(unlike.stderr).toMatch(
      /example\.com\/tool@v1\.0\.0: the checksum database has h1:\S+, and commit \S+ is h1:\S+: the tag was moved/u,
    );
    const altered = await call(VERIFY, folder, await published(other, SMALL));
    expect(altered.status).toBe(1);
    expect(altered.stderr).toContain(
      "example.com/tool@v1.0.0: what the module proxy has is not in the checksum database: ",
    );
    const elsewhere = await call(VERIFY, folder, { ...env, GOPROXY: await moduleProxy({}) });
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toContain("go cannot fetch example.com/tool@v1.0.0");
  }, 200_000);

  it("says which tag is no version, and whose commit is not here", async () => {
    const { folder } = await released("1.0.0");
    const { status, stdout } = await call(VERIFY, folder);
    expect(status).toBe(0);
    expect(stdout).toContain("cannot tell: 1.0.0 is no version of example.com/tool");
    const other = repositoryOf({ ...SMALL, "more.go": "package main\n" });
    const words = ["verify", join(folder, "dist"), "--any-signer", "--sum-database"];
    const elsewhere = await call(words, other.folder);
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toContain("which is not in a repository here");
  }, 200_000);
});

/** Whatever Go leaves out of a module's zip, or takes as it is. */
const ODD = {
  LICENSE: "MIT\n",
  ".gitattributes": "crlf.txt text eol=crlf\nignored.txt export-ignore\nsubst.txt export-subst\n",
  "crlf.txt": "one\ntwo\n",
  "ignored.txt": "here all the same\n",
  "subst.txt": "$Format:%H$\n",
  "vendor/modules.txt": "# a\n",
  "vendor/a.go": "package vendor\n",
  "vendor/b/b.go": "package b\n",
  "pkg/vendor/c.go": "package vendor\n",
  "pkg/vendor/d/d.go": "package d\n",
  "nested/go.mod": "module example.com/other\n",
  "nested/deep/e.go": "package e\n",
  "ä.txt": "two bytes\n",
  "z.txt": "one byte\n",
};

describe("the sum of a commit", () => {
  it.each([
    ["1.23", ".", "v1.2.3"],
    ["1.24", ".", "v1.2.3"],
    ["1.21", "sub", "v1.2.3"],
  ])("is Go's own, with go %s in %s", async (go, folder, version) => {
    const module = `github.com/acme/odd${folder === "." ? "" : `/${folder}`}`;
    const place = folder === "." ? "" : `${folder}/`;
    const repository = emptyRepository({
      ...ODD,
      [`${place}go.mod`]: `module ${module}\n\ngo ${go}\n`,
      [`${place}main.go`]: "package main\n",
    });
    mkdirSync(join(repository.folder, "links"));
    symlinkSync("../LICENSE", join(repository.folder, "links", "LICENSE"));
    repository.commit(`${place}${version}`);
    const { Sum: expected } = downloaded(`${module}@${version}`, {
      GOPROXY: "direct",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.file://${repository.folder}.insteadOf`,
      GIT_CONFIG_VALUE_0: "https://github.com/acme/odd",
    });
    const files = new CommitFiles(
      { root: repository.folder, env: process.env, trusted: [] },
      await node(),
    );
    const commit = repository.git("rev-parse", "HEAD");
    const query = { commit, tag: null, submodules: false, unmarked: true };
    const entries = await files.entries(query, temporaryFolder());
    expect(await moduleSum(entries, { path: module, version, folder, go })).toBe(expected);
  });
});
