import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { asRoot, giveAway } from "../support/as-root.ts";
import { type Trap, trap } from "../support/attacks/trap.ts";
import { call, plainEnvironment, start } from "../support/program.ts";
import {
  emptyRepository,
  PROGRAM,
  Repository,
  repositoryOf,
  temporaryFolder,
} from "../support/repository.ts";

const LINUX = "--targets=linux/amd64";

/** Settings by which a repository starts a program when it is only looked at. */
function setTraps(repository: Repository, { path }: Trap): void {
  const settings = {
    "core.fsmonitor": path,
    "core.hooksPath": join(path, ".."),
    "filter.evil.clean": `${path} cat`,
    "filter.evil.process": path,
    "diff.evil.textconv": `${path} cat`,
    "gpg.program": path,
    "log.showSignature": "true",
  };
  for (const [name, value] of Object.entries(settings)) repository.git("config", name, value);
  repository.write({ ".git/info/attributes": "* filter=evil diff=evil\n" });
}

/** Files whose times tell git nothing, so that it has to look into them. */
function age(folder: string): void {
  execFileSync("find", [folder, "-name", "*.txt", "-exec", "touch", "-d", "2001-01-01", "{}", "+"]);
}

/** A trap that springs when git believes the repository, or the test would prove nothing. */
function expectArmed(folder: string, at: Trap): void {
  // Without the lock it does not remember what it saw.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0" };
  const argv = ["-c", "safe.directory=*", "status"];
  spawnSync("git", argv, { cwd: folder, stdio: "ignore", env });
  expect(at.sprung()).toBe(true);
  at.reset();
}

/** Mallory's repository, and a module of this user's in a folder in it. */
function belowMallory(at: Trap): string {
  const folder = temporaryFolder();
  const evil = emptyRepository({ "bait.txt": "bait\n" }, folder);
  evil.commit();
  setTraps(evil, at);
  age(folder);
  giveAway(folder);
  const mine = join(folder, "mine");
  asRoot("mkdir", mine);
  asRoot("chown", String(process.getuid?.() ?? 0), mine);
  for (const [name, text] of Object.entries(PROGRAM)) writeFileSync(join(mine, name), text);
  return mine;
}

/** Every command that looks at the checkout, and one that only asks where the release would lie. */
const commands = [["plan"], [LINUX], ["check"], ["init", "--forge=github"], ["verify", "v1.2.3"]];

describe("a repository of another user", () => {
  it.each(commands)("above the module starts nothing: %s", async (...argv) => {
    const at = trap();
    const mine = belowMallory(at);
    expectArmed(mine, at);
    const { status } = await call(argv, mine);
    expect(at.sprung()).toBe(false);
    expect(status).not.toBe(0);
  });

  it("above the module starts nothing in a job whose checkout is the module", async () => {
    const at = trap();
    const mine = belowMallory(at);
    const env = { CI: "true", GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: mine };
    await start(inject("bundle"), ["plan"], mine, env).ended;
    expect(at.sprung()).toBe(false);
  });

  it("that the module's own .git file names starts nothing", async () => {
    const at = trap();
    const folder = temporaryFolder();
    const evil = emptyRepository({ "bait.txt": "bait\n" });
    evil.commit();
    setTraps(evil, at);
    giveAway(evil.folder);
    for (const [name, text] of Object.entries(PROGRAM)) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, ".git"), `gitdir: ${evil.folder}/.git\n`);
    expectArmed(folder, at);
    await call(["plan"], folder);
    expect(at.sprung()).toBe(false);
  });

  it("in whose own folder a person stands starts nothing", async () => {
    const at = trap();
    const { folder } = belongingTo(at);
    await call(["plan"], folder);
    expect(at.sprung()).toBe(false);
  });
});

/** A whole checkout of Mallory's, with traps. */
function belongingTo(at: Trap): Repository {
  const repository = repositoryOf({ ...PROGRAM, "bait.txt": "bait\n" });
  setTraps(repository, at);
  age(repository.folder);
  giveAway(repository.folder);
  expectArmed(repository.folder, at);
  return repository;
}

describe("a bare repository that was committed as a folder", () => {
  it("starts nothing when the module lies in it", async () => {
    const at = trap();
    const repository = emptyRepository();
    const inner = new Repository(join(repository.folder, "tools"));
    const module = join(inner.folder, "module");
    mkdirSync(module, { recursive: true });
    execFileSync("git", ["init", "-q", "--bare", inner.folder]);
    for (const [name, text] of Object.entries({ ...PROGRAM, "bait.txt": "bait\n" }))
      writeFileSync(join(module, name), text);
    const settings = {
      "core.bare": "false",
      "core.worktree": ".",
      "filter.evil.clean": `${at.path} cat`,
    };
    for (const setting of Object.entries(settings))
      inner.git("--git-dir", ".", "config", ...setting);
    writeFileSync(join(inner.folder, "info", "attributes"), "* filter=evil\n");
    inner.git("add", "module");
    inner.git("commit", "-q", "-m", "bait");
    repository.git("add", "-A");
    repository.git("commit", "-q", "-m", "feat: a tool");
    age(module);
    expectArmed(module, at);
    await call(["plan"], module);
    expect(at.sprung()).toBe(false);
  });
});

describe("beside it: a checkout of another user that the job itself made", () => {
  const places = {
    "GitHub's, in a container": (folder: string) => ({
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: folder,
      GITHUB_REF: "refs/tags/v1.2.3",
    }),
    "GitLab's": (folder: string) => ({ GITLAB_CI: "true", CI_PROJECT_DIR: folder }),
    "of a CI that nobody knows": () => ({}),
  };
  it.each(Object.entries(places))("is released: %s", async (_, environment) => {
    const { folder } = repositoryOf(PROGRAM);
    giveAway(folder);
    const HOME = temporaryFolder();
    const env = { CI: "true", HOME, GOCACHE: goCache, ...environment(folder) };
    const argv = [LINUX, "--dry-run", "--forge=directory"];
    const { status, stdout, stderr } = await start(inject("bundle"), argv, folder, env).ended;
    expect(status, stdout + stderr).toBe(0);
    const manifest = JSON.parse(
      execFileSync("cat", [join(folder, "dist", "manifest.json")], { encoding: "utf8" }),
    );
    expect(manifest.plan.release).toMatchObject({ tag: "v1.2.3" });
    expect(manifest.binaries[0].inspection.buildInfo.settings["vcs.revision"]).toBe(
      manifest.plan.release.commit,
    );
  });

  it("is released below the job's folder, as `path:` of actions/checkout puts it", async () => {
    const workspace = temporaryFolder();
    const { folder } = repositoryOf(PROGRAM);
    execFileSync("git", ["clone", "-q", folder, join(workspace, "sub")]);
    giveAway(workspace);
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: workspace };
    const argv = ["plan", "--forge=directory"];
    const { status, stdout } = await start(inject("bundle"), argv, join(workspace, "sub"), env)
      .ended;
    expect(status, stdout).toBe(0);
  });

  it("is read where its user said so to git", async () => {
    const { folder } = repositoryOf(PROGRAM);
    giveAway(folder);
    const HOME = temporaryFolder();
    writeFileSync(join(HOME, ".gitconfig"), `[safe]\n\tdirectory = ${folder}\n`);
    expect((await call(["plan"], folder)).status).toBe(1);
    expect((await call(["plan"], folder, { HOME, GOCACHE: goCache })).status).toBe(0);
  });
});

const goCache = execFileSync("go", ["env", "GOCACHE"], {
  encoding: "utf8",
  env: plainEnvironment(),
}).trim();
