import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { startGitHub } from "../support/github/job.ts";
import { call } from "../support/program.ts";
import { PROGRAM, Repository, repositoryOf, temporaryFolder } from "../support/repository.ts";

/** What a plan in JSON says of the release's notes. */
async function planned(
  folder: string,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Pick<Plan, "notices"> & Pick<Plan["release"], "notes" | "previousTag">> {
  const { status, stdout, stderr } = await call(["plan", "--json", ...argv], folder, env);
  expect(status, stderr).toBe(0);
  const { release, notices } = JSON.parse(stdout) as Plan;
  for (const notice of notices) expect(stderr).toContain(`note: ${notice}\n`);
  return { notes: release.notes, previousTag: release.previousTag, notices };
}

function committed(repository: Repository, ...messages: readonly string[]): void {
  for (const message of messages) repository.git("commit", "-q", "--allow-empty", "-m", message);
}

describe("texts around the notes", () => {
  it("are of files of the commit, and of no others", async () => {
    const tree = { ...PROGRAM, ".go-release.yaml": "header: docs/header.md\nfooter: Bye {tag}\n" };
    const repository = repositoryOf({ ...tree, "docs/header.md": "# {name} {version}\n" });
    const { notes } = await planned(repository.folder);
    expect(notes).toMatch(/^# tool 1\.2\.3\n\n[^]*\n\nBye v1\.2\.3$/u);
    repository.git("rm", "-q", "--cached", "docs/header.md");
    repository.git("commit", "-q", "-m", "chore: drop it");
    const { status, stderr } = await call(["plan"], repository.folder);
    expect(stderr).toContain("header: docs/header.md is not committed");
    expect(status).toBe(1);
  });
});

describe("authors", () => {
  const by = (repository: Repository, name: string, email: string, message: string): string => {
    const author = `--author=${name} <${email}>`;
    repository.git("commit", "-q", "--allow-empty", "-m", message, author);
    return repository.git("rev-parse", "HEAD");
  };

  it("have the handles that GitHub knows, else their names; first ones are told", async () => {
    const repository = repositoryOf(PROGRAM, null);
    by(repository, "Ada", "ada@example.com", "feat: one");
    repository.git("tag", "v1.0.0");
    const first = by(repository, "Ada", "ada@example.org", "fix: two");
    const second = by(repository, "Bo @home", "bo@example.com", "fix: three");
    const third = by(repository, "Robot", "1+bot[bot]@users.noreply.github.com", "fix: four");
    repository.git("tag", "v1.1.0");
    const github = await startGitHub();
    github.commits.push({ sha: first, login: "ada" }, { sha: second });
    github.commits.push({ sha: third, login: "bot[bot]" });
    const server = [
      "--forge=github",
      `--repository=${github.repository}`,
      `--api-url=${github.origin}`,
    ];
    const asked = ["--notes-authors=handles", "--notes-newcomers", "--notes-hash=none", ...server];
    const env = { GO_RELEASE_TOKEN: github.token };
    const { notes } = await planned(repository.folder, asked, env);
    expect(notes?.split("\n").slice(2)).toEqual([
      "- fix: four by @bot[bot]",
      "- fix: three by Bo @&#8203;home",
      "- fix: two by @ada",
      "",
      "### New contributors",
      "",
      "- Bo @&#8203;home made their first contribution",
      "- @bot[bot] made their first contribution",
    ]);
    github.settings.access = "none";
    const alone = await call(["plan", "--notes", ...asked], repository.folder, env);
    expect(alone.stderr).toContain("the handles of authors cannot be read from octo/age");
    const names = await planned(repository.folder, ["--notes-authors=names", "--notes-hash=none"]);
    expect(names.notes).toContain("- fix: two by Ada");
  });
});

describe("notes of commits", () => {
  it("hold every commit that matters since the previous tag", async () => {
    const repository = repositoryOf(PROGRAM, "v1.0.0");
    const footer = "ci: new image\n\nBREAKING CHANGE: the old image\nis gone";
    committed(
      repository,
      "chore: tidy",
      footer,
      "fix: pin @types/node, see #12",
      "chore!: drop it",
    );
    repository.git("tag", "v1.1.0");
    const { notes, notices } = await planned(repository.folder);
    const lines = (notes ?? "").replaceAll(/ \([0-9a-f]{12}\)$/gmu, "").split("\n");
    expect(lines).toEqual([
      "## Changes since v1.0.0",
      "",
      "### Breaking changes",
      "",
      "- chore!: drop it",
      "- ci: new image",
      "  **BREAKING CHANGE**: the old image is gone",
      "",
      "### Other changes",
      "",
      "- fix: pin @&#8203;types/node, see #12",
    ]);
    expect(notices).toEqual([]);
  });

  it("begin at the same version with other build metadata", async () => {
    const repository = repositoryOf(PROGRAM, "v1.2.3");
    committed(repository, "fix: rebuilt");
    repository.git("tag", "v1.2.3+build.1");
    expect(await planned(repository.folder)).toMatchObject({
      previousTag: "v1.2.3",
      notes: expect.stringMatching(/^## Changes since v1\.2\.3\n\n- fix: rebuilt \(\w+\)$/u),
    });
  });

  it("say how many more than a thousand there are", async () => {
    const repository = repositoryOf(PROGRAM, "v1.0.0");
    const commits = Array.from({ length: 1200 }, (_, at) => {
      const message = `feat: change ${at + 1}`;
      const from = at === 0 ? "from refs/heads/main^0\n" : "";
      return `commit refs/heads/main\ncommitter T <t@example.com> ${1_800_000_000 + at} +0000\ndata ${message.length}\n${message}\n${from}M 100644 inline f\ndata 4\n${String(at).padStart(4, "0")}\n\n`;
    });
    const { folder } = repository;
    execFileSync("git", ["fast-import", "--quiet"], { cwd: folder, input: commits.join("") });
    repository.git("reset", "-q", "--hard");
    repository.git("tag", "v1.1.0");
    const { notes, notices } = await planned(folder);
    expect(notes).toMatch(/- feat: change 201 \(\w+\)\n\n… and 200 earlier commits$/u);
    expect(notices).toEqual([
      "the notes list the newest 1000 commits since v1.0.0 and lack 200 more",
    ]);
  });
});

describe("a shallow clone", () => {
  async function cloned(depth: number) {
    const repository = repositoryOf(PROGRAM, "v1.0.0");
    committed(repository, "feat: one", "feat: two", "feat: three");
    repository.git("tag", "v1.1.0");
    const folder = join(temporaryFolder(), "clone");
    const from = `file://${repository.folder}`;
    repository.git("clone", "-q", "--depth", String(depth), "--branch", "v1.1.0", from, folder);
    return new Repository(folder);
  }

  it("lacks commits, which is told with the cure", async () => {
    const { notes, notices } = await planned((await cloned(1)).folder);
    expect(notes).toMatch(/^## Changes\n\n- feat: three \(\w+\)$/u);
    expect(notices).toEqual([
      expect.stringMatching(/^the notes may lack commits: the clone is shallow; .*fetch-depth: 0/u),
    ]);
  });

  it("that reaches back far enough lacks nothing", async () => {
    const clone = await cloned(4);
    clone.git("fetch", "-q", "--depth=5", "origin", "tag", "v1.0.0");
    const { notes, notices } = await planned(clone.folder);
    expect(notes).toContain("feat: one");
    expect(notices).toEqual([]);
  });

  it("has notes all the same where the changelog has them", async () => {
    const clone = await cloned(1);
    clone.write({ "CHANGELOG.md": "## 1.1.0\n\n- written\n" });
    clone.git("tag", "-d", "v1.1.0");
    clone.commit("v1.1.0");
    expect(await planned(clone.folder)).toMatchObject({ notes: "- written", notices: [] });
  });
});

describe("notes of a changelog", () => {
  it("in a module's folder are that module's, else those of the repository under its name", async () => {
    const log = "# Log\n\n## cli/v1.1.0\n\n- from the root\n\n## v1.1.0\n\n- of the root\n";
    const tree = { "CHANGELOG.md": log, "cli/go.mod": "module example.com/x/cli\n\ngo 1.21\n" };
    const program = { "cli/main.go": PROGRAM["main.go"] ?? "" };
    const repository = repositoryOf({ ...tree, ...program }, "cli/v1.1.0");
    const folder = join(repository.folder, "cli");
    expect(await planned(folder)).toMatchObject({ notes: "- from the root", notices: [] });
    repository.write({ "cli/CHANGELOG.md": "## 1.2.0\n\n- its own\n" });
    repository.commit("cli/v1.2.0");
    expect(await planned(folder)).toMatchObject({ notes: "- its own", notices: [] });
  });

  it("fall back to the commits, which is told", async () => {
    const repository = repositoryOf(
      { ...PROGRAM, "CHANGELOG.md": "## Unreleased\n\n- x\n" },
      "v1.0.0",
    );
    expect(await planned(repository.folder)).toMatchObject({
      notes: expect.stringContaining("- feat: the next step"),
      notices: [
        "CHANGELOG.md has no section for 1.0.0, and its unreleased entries are not published; the notes list the commits",
      ],
    });
  });
});

describe("notes of a tag", () => {
  /** As actions/checkout leaves it: the name of an annotated tag, at the commit itself. */
  function flattened(): Repository {
    const repository = repositoryOf(PROGRAM, null);
    repository.git("tag", "v1.0.0");
    return repository;
  }

  const object = "1".repeat(40);

  async function gitHubWith(repository: Repository, message?: string) {
    const github = await startGitHub();
    const commit = repository.git("rev-parse", "HEAD");
    github.tags.set("v1.0.0", message === undefined ? commit : object);
    if (message !== undefined) {
      github.annotated.set(object, commit);
      github.messages.set(object, message);
    }
    const argv = ["--notes=tag", "--forge=github", `--repository=${github.repository}`];
    return { argv: [...argv, `--api-url=${github.origin}`], token: github.token, github };
  }

  it("stay as they were written", async () => {
    const repository = repositoryOf(PROGRAM, null);
    repository.git("tag", "-a", "v1.0.0", "-m", "- one\n- two\n\nMore.");
    expect(await planned(repository.folder, ["--notes=tag"])).toMatchObject({
      notes: "- one\n- two\n\nMore.",
      notices: [],
    });
  });

  it("are asked of the forge where the clone has none", async () => {
    const repository = flattened();
    const signed = "- one\n- two\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n";
    const { argv, token } = await gitHubWith(repository, signed);
    expect(await planned(repository.folder, argv, { GO_RELEASE_TOKEN: token })).toMatchObject({
      notes: "- one\n- two",
      notices: [],
    });
  });

  it.each([
    [
      "a lightweight tag on the forge too",
      true,
      /v1\.0\.0 is a lightweight tag, which has no message/u,
    ],
    ["no token to ask with", false, /v1\.0\.0 has no message in this clone: .*`git fetch --force/u],
  ])("are made in another way where there is %s", async (_what, asks, notice) => {
    const repository = flattened();
    const { argv, token, github } = await gitHubWith(repository);
    const env = asks ? { GO_RELEASE_TOKEN: token } : {};
    expect(await planned(repository.folder, argv, env)).toMatchObject({
      notes: expect.stringContaining("feat: the next step"),
      notices: [expect.stringMatching(notice)],
    });
    expect(github.server.log.length > 0).toBe(asks);
  });

  it("are made in another way where the forge refuses, which is told", async () => {
    const repository = flattened();
    const { argv } = await gitHubWith(repository, "- one");
    const env = { GO_RELEASE_TOKEN: "wrong" };
    const { status, stderr } = await call(["plan", ...argv], repository.folder, env);
    expect(status).toBe(0);
    expect(stderr).toContain(
      "warning: the message of v1.0.0 cannot be read from octo/age: GitHub does not accept the token",
    );
    expect(stderr).toContain("note: notes: v1.0.0 has no message in this clone");
  });
});

describe("plan --notes", () => {
  it("prints the notes alone", async () => {
    const tree = { ...PROGRAM, "CHANGELOG.md": "## 1.2.3\n\n- a\n\n## 1.2.2\n\n- b\n" };
    const { folder } = repositoryOf(tree);
    expect(await call(["plan", "--notes"], folder)).toMatchObject({ status: 0, stdout: "- a\n" });
    expect((await call(["plan", "--notes", "--notes=tag", "--print-notes"], folder)).stdout).toBe(
      "- a\n",
    );
    expect((await call(["plan", "--notes", "CHANGELOG.md"], folder)).stdout).toContain("ARTIFACT");
  });

  it("prints them as the forge will have them, and says what follows", async () => {
    const long = `\`\`\`\n${"x = 1\n".repeat(30_000)}\`\`\`\n`;
    const { folder } = repositoryOf({ ...PROGRAM, "NOTES.md": long });
    const to = ["--forge=github", "--repository=octo/age"];
    const { stdout, stderr } = await call(["plan", "--notes", "--notes=NOTES.md", ...to], folder);
    expect(stdout.length).toBeLessThan(125_000);
    expect(stdout).toMatch(
      /x = 1\n```\n\n… \[All changes\]\(https:\/\/github\.com\/octo\/age\/commits\/v1\.2\.3\)\n$/u,
    );
    expect(stderr).toContain(
      "note: instructions for verifying the files are appended to these notes",
    );
  });

  it.each([
    [["plan", "--notes", "--json"], 2, "--print-notes: cannot be combined with `json`"],
    [["plan", "--notes", "--shards=2"], 2, "--print-notes: cannot be combined with `shards`"],
    [["release", "--notes"], 2, "--notes: needs a value"],
    [["check", "--print-notes"], 2, "--print-notes: is not an input of `check`"],
    [
      ["plan", "--notes", "--notes=generated"],
      1,
      "notes: `generated` needs a forge to generate the notes, and none is configured",
    ],
  ])("refuses %j", async (argv, status, words) => {
    const outcome = await call(argv, repositoryOf(PROGRAM).folder);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(words);
  });
});
