import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { whereIs } from "../support/path.ts";
import { call, watched } from "../support/program.ts";
import {
  emptyRepository,
  MAIN,
  type Repository,
  repositoryOf,
  temporaryFolder,
} from "../support/repository.ts";

const TREE = {
  "go.mod": "module example.com/tool\n\ngo 1.21\n\nrequire golang.org/x/text v0.14.0\n",
  "go.sum":
    "golang.org/x/text v0.14.0 h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=\n" +
    "golang.org/x/text v0.14.0/go.mod h1:18ZOQIKpY8NJVqYksKHtTdi31H5itFRjB5/qKTNYzSU=\n",
  "cmd/one/main.go": MAIN.replace(
    'import "fmt"',
    'import (\n\t"fmt"\n\n\t"golang.org/x/text/width"\n)',
  ).replace('"tool"', 'width.Narrow.String("tool")'),
  "cmd/two/main.go": MAIN,
  LICENSE: "MIT\n",
  "README.md": "# tool\n",
};

const ARGV = ["--targets=linux/arm/6,windows/amd64"];

it("the same tag gives the same bytes in another folder, under another umask, zone, home, language and cache", async () => {
  const repository = repositoryOf(TREE);
  const checksums = async (
    folder: string,
    env: Record<string, string>,
    umask: string,
  ): Promise<string> => {
    repository.git("clone", "-q", `file://${repository.folder}`, folder);
    const shell = [
      "-c",
      `umask ${umask}; exec "$0" "$@"`,
      process.execPath,
      inject("bundle"),
      ...ARGV,
    ];
    const { status, stderr } = await watched(whereIs("sh"), shell, folder, env).ended;
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    return readFileSync(join(folder, "dist/checksums.txt"), "utf8");
  };
  const plain = await checksums(join(temporaryFolder(), "a"), {}, "022");

  const home = temporaryFolder("another home ");
  const settings = join(home, "env");
  writeFileSync(
    settings,
    "GOFLAGS=-buildvcs=false -gcflags=all=-N\nGOAMD64=v3\nCGO_ENABLED=1\nGOEXPERIMENT=boringcrypto\n",
  );
  mkdirSync(join(home, "deep/er"), { recursive: true });
  const polluted = await checksums(
    join(home, "deep/er", "another name"),
    {
      HOME: home,
      TZ: "Pacific/Kiritimati",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      GOCACHE: join(home, "cache"),
      GOENV: settings,
      GOFLAGS: "-ldflags=-X=main.version=polluted -tags=netgo -race",
      GOEXPERIMENT: "synctest",
      GOAMD64: "v3",
      GOARM: "7",
      GOOS: "plan9",
      GOARCH: "386",
      GOROOT: "/nowhere",
      GOTOOLDIR: "/nowhere",
      GODEBUG: "http2client=0",
      GOFIPS140: "latest",
      CGO_ENABLED: "1",
      CGO_CFLAGS: "-O0 -DPOLLUTED",
      CGO_LDFLAGS: "-lpolluted",
      CC: "false",
      SOURCE_DATE_EPOCH: "1",
      GIT_DIR: "/nowhere",
    },
    "077",
  );
  expect(polluted).toBe(plain);
  expect(plain.split("\n").filter((line) => /\.(tar\.gz|zip)$/u.test(line))).toHaveLength(2);
});

const LINUX = ["build", "--targets=linux/amd64"];

/** A clone of the tag alone: what every other way to have the files is measured by. */
async function measured(
  tag: string,
): Promise<{ clone: string; repository: Repository; sums: string }> {
  const repository = repositoryOf(TREE);
  const clone = join(temporaryFolder(), "clone");
  repository.git("clone", "-q", `file://${repository.folder}`, clone);
  if (tag !== "v1.2.3") repository.git("-C", clone, "tag", tag);
  if (tag !== "v1.2.3") repository.git("-C", clone, "tag", "-d", "v1.2.3");
  return { clone, repository, sums: await built(clone) };
}

async function built(folder: string, ...argv: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await call([...LINUX, "--json", ...argv], folder);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const { artifacts, binaries } = JSON.parse(stdout) as Manifest;
  const versions = binaries.map(({ inspection }) => inspection.buildInfo.main?.version);
  return JSON.stringify([artifacts.map(({ name, sha256 }) => [name, sha256]), versions]);
}

it("the same bytes come from a git worktree, a submodule, and one whose repository lies elsewhere", async () => {
  const { clone, repository, sums } = await measured("v1.2.3");
  expect(sums).toContain('"v1.2.3"');
  const folder = temporaryFolder();

  repository.git("worktree", "add", "-q", join(folder, "worktree"), "v1.2.3");
  expect(await built(join(folder, "worktree"))).toBe(sums);

  const outer = emptyRepository({ "README.md": "outer" });
  outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", clone, "inner");
  outer.commit("v9.9.9");
  expect(await built(join(outer.folder, "inner"))).toBe(sums);

  const git = ["clone", "-q", `--separate-git-dir=${join(folder, "git")}`];
  repository.git(...git, repository.folder, join(folder, "apart"));
  expect(await built(join(folder, "apart"))).toBe(sums);
});

it("the same bytes come from where the commit has more tags, and where a later one retracts it", async () => {
  const { repository, sums } = await measured("v1.2.3-rc.1");
  expect(sums).toContain('"v1.2.3-rc.1"');
  repository.git("tag", "v1.2.3-rc.1");
  repository.git("update-index", "--split-index");
  expect(await built(repository.folder, "--tag=v1.2.3-rc.1")).toBe(sums);

  const final = (await measured("v1.2.3")).sums;
  repository.write({ "go.mod": `${TREE["go.mod"]}\nretract v1.2.3\n` });
  repository.commit("v1.2.4");
  repository.git("checkout", "-q", "v1.2.3");
  expect(await built(repository.folder, "--tag=v1.2.3")).toBe(final);
});

it("the same bytes come from where git's settings hold for one worktree or one repository alone", async () => {
  const shouting = (folder: string, ...where: readonly string[]): void => {
    repository.git("-C", folder, "config", ...where, "filter.shout.smudge", "tr a-z A-Z");
    repository.git("-C", folder, "config", ...where, "filter.shout.clean", "tr A-Z a-z");
    writeFileSync(join(folder, "docs/quiet.txt"), "QUIET\n");
    utimesSync(join(folder, "docs/quiet.txt"), 1, 1);
  };
  const repository = repositoryOf({
    ...TREE,
    "docs/quiet.txt": "quiet\n",
    ".gitattributes": "docs/* filter=shout\n",
  });
  const folder = temporaryFolder();
  repository.git("clone", "-q", repository.folder, join(folder, "clone"));
  const sums = await built(join(folder, "clone"));

  repository.git("config", "extensions.worktreeConfig", "true");
  repository.git("worktree", "add", "-q", join(folder, "worktree"), "v1.2.3");
  shouting(join(folder, "worktree"), "--worktree");
  expect(await built(join(folder, "worktree"))).toBe(sums);

  const settings = join(folder, "settings");
  repository.git("config", `includeIf.gitdir:${repository.folder}/.git.path`, settings);
  shouting(repository.folder, "--file", settings);
  repository.git("tag", "v1.2.4");
  expect(await built(repository.folder, "--tag=v1.2.3", `--output=${folder}/out`)).toBe(sums);
});

it("a worktree whose go.mod leads out of the repository is built without a stamp, and says so", async () => {
  const tree = {
    ...TREE,
    "go.mod": `${TREE["go.mod"]}\nrequire example.com/other v0.0.0\n\nreplace example.com/other => ../other\n`,
  };
  const repository = repositoryOf(tree);
  const folder = temporaryFolder();
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/go.mod"), "module example.com/other\n");
  repository.git("worktree", "add", "-q", join(folder, "worktree"), "v1.2.3");
  const { status, stderr } = await call(LINUX, join(folder, "worktree"));
  expect(status).toBe(0);
  expect(stderr).toContain(
    "warning: this is a git worktree or submodule, and go.mod replaces a module by a folder outside it: no commit is stamped",
  );
});

it("a worktree whose go.mod stays inside is built with its stamp, reached by a link too", async () => {
  const repository = repositoryOf({
    ...TREE,
    "go.mod": `${TREE["go.mod"]}\nrequire example.com/other v0.0.0\n\nreplace example.com/other => ./other\n`,
    "other/go.mod": "module example.com/other\n",
  });
  const folder = temporaryFolder();
  repository.git("worktree", "add", "-q", join(folder, "worktree"), "v1.2.3");
  symlinkSync("worktree", join(folder, "link"));
  expect(await built(folder, "--working-directory=link")).toContain('"v1.2.3"');
});

it("an error in a worktree is told of the files that people know", async () => {
  const repository = repositoryOf({
    ...TREE,
    "cmd/two/main.go": MAIN.replace('"fmt"', '"fmt"\n\nimport _ "example.com/tool/c"'),
    "c/c.go": 'package c\n\nimport "C"\n',
  });
  const folder = join(temporaryFolder(), "worktree");
  repository.git("worktree", "add", "-q", folder, "v1.2.3");
  const { stderr } = await call(LINUX, folder);
  expect(stderr).toContain(`build constraints exclude all Go files in ${folder}/c\n`);
});
