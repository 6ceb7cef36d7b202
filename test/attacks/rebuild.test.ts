import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type Trap, trap } from "../support/attacks/trap.ts";
import { call } from "../support/program.ts";
import {
  PROGRAM,
  type Repository,
  repositoryOf,
  type Tree,
  temporaryFolder,
} from "../support/repository.ts";

// What is built without a cache takes its time.
vi.setConfig({ testTimeout: 400_000 });

const LINUX = "--targets=linux/amd64";
const VERIFY = ["verify", "dist", "--any-signer", "--rebuild", LINUX];

/** Without a package that takes long to compile. */
const QUICK: Tree = {
  ...PROGRAM,
  "main.go": 'package main\n\nvar text = "honest-bytes-of-ours"\n\nfunc main() { println(text) }\n',
};
const IN_C: Tree = {
  ...PROGRAM,
  "main.go":
    'package main\n\n// int answer(void) { return 43; }\nimport "C"\n\nfunc main() { println(C.answer()) }\n',
};

/** A checkout whose committed file has a trap started in a build, and beside it the release that was made of it. */
async function released(configuration: string, tree = QUICK): Promise<Repository> {
  const repository = repositoryOf({ ...tree, ".go-release.yaml": configuration });
  const { status, stderr } = await call([LINUX], repository.folder);
  expect(status, stderr).toBe(0);
  return repository;
}

/** The trap is set, for the release was made through it; whoever verifies must not step into it. */
async function expectUnsprung(at: Trap, { folder }: Repository, argv = VERIFY): Promise<void> {
  expect(at.sprung()).toBe(true);
  at.reset();
  const { status } = await call(argv, folder);
  expect(at.sprung()).toBe(false);
  expect(status).toBe(2);
}

describe("a checkout that is verified", () => {
  it.each([
    ["-toolexec", (path: string) => `flags: [-trimpath, -toolexec=${path}]\n`],
    ["-toolexec in two words", (path: string) => `flags: --toolexec ${path} -v\n`],
    [
      "-toolexec in a row",
      (path: string) => `builds:\n  - main: .\n    flags: -toolexec=${path}\n`,
    ],
  ])("starts no tool: %s", async (_, configuration) => {
    const at = trap();
    await expectUnsprung(at, await released(configuration(at.path)));
  });

  const cgo = "static: report\nenv: { CGO_ENABLED: 1";
  it.each([
    ["CC", (path: string) => `${cgo}, CC: ${path} }\n`],
    ["what CC has started", (path: string) => `${cgo}, CC: "gcc -wrapper ${path}" }\n`],
    ["-extld", (path: string) => `${cgo} }\nldflags: -linkmode=external -extld=${path}\n`],
  ])("starts no compiler: %s", async (name, configuration) => {
    const at = trap(name.startsWith("what") ? 'exec "$@"' : 'exec gcc "$@"');
    await expectUnsprung(at, await released(configuration(at.path), IN_C));
  });

  it("starts none that a configuration beside the usual one names, be it the caller who points there", async () => {
    const at = trap();
    const repository = await released(`flags: -toolexec=${at.path}\n`);
    await expectUnsprung(at, repository, [...VERIFY, "--config=./.go-release.yaml"]);
  });

  it.each(["PATH", "GIT_EXEC_PATH", "GOROOT", "GOCACHEPROG", "LD_PRELOAD"])(
    "does not say by %s which git and go there are, whoever builds",
    async (name) => {
      const at = trap();
      const programs = ["git", "go", "gcc"].map((program) => join("bin", program));
      const tree = Object.fromEntries(programs.map((path) => [path, at.script]));
      const repository = repositoryOf({ ...QUICK, ...tree });
      const { folder } = repository;
      for (const path of programs) chmodSync(join(folder, path), 0o755);
      repository.write({ ".go-release.yaml": `env: { ${name}: "${join(folder, "bin")}" }\n` });
      repository.git("commit", "-q", "-a", "-m", "x");
      for (const argv of [VERIFY, [LINUX], ["plan"]]) {
        expect((await call(argv, folder)).status).toBe(2);
        expect(at.sprung()).toBe(false);
      }
    },
  );

  it.each(["plan", "check"])("starts nothing when it is only looked at: %s", async (command) => {
    const at = trap('exec gcc "$@"');
    const file = `${cgo}, CC: ${at.path} }\nflags: -toolexec=${at.path}\n`;
    const { folder } = repositoryOf({ ...IN_C, ".go-release.yaml": file });
    expect((await call([command, LINUX], folder)).status).toBe(0);
    expect(at.sprung()).toBe(false);
  });

  it("is not compared with what a cache holds of it", async () => {
    const GOCACHE = temporaryFolder();
    const { folder } = repositoryOf(QUICK);
    expect((await call([LINUX, "--output=dist"], folder, { GOCACHE })).status).toBe(0);
    expect(poison(GOCACHE)).toBeGreaterThan(0);
    expect((await call([LINUX], folder, { GOCACHE })).status).toBe(0);
    expect(programIn(folder).includes("poison-bytes-of-ours")).toBe(true);
    const { status } = await call(VERIFY, folder, { GOCACHE });
    expect(status).toBe(1);
  });
});

const HONEST = "honest-bytes-of-ours";

/** Other bytes in place of the honest ones, in everything that was compiled before. */
function poison(cache: string): number {
  let count = 0;
  for (const name of readdirSync(cache, { recursive: true, encoding: "utf8" })) {
    const path = join(cache, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf(HONEST); at >= 0; at = bytes.indexOf(HONEST), count++)
      bytes.write("poison", at);
    writeFileSync(path, bytes);
  }
  return count;
}

/** The program that was released. */
function programIn(folder: string): Buffer {
  const archive = join(folder, "dist", "tool_1.2.3_linux_amd64.tar.gz");
  return execFileSync("tar", ["-xzOf", archive, "tool"], { maxBuffer: 64 << 20 });
}

describe("beside it", () => {
  const program = (at: Trap) => `flags: [-trimpath, -toolexec=${at.path}]\n`;

  it("a reader may say by flag what is started", async () => {
    const at = trap();
    const { folder } = await released(program(at));
    at.reset();
    const own = [...VERIFY, "--flags=-trimpath", `--flags=-toolexec=${at.path}`];
    const { status, stdout, stderr } = await call(own, folder);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("every byte is identical");
    expect(at.sprung()).toBe(true);
  });

  it("or by a file of their own, which has rows", async () => {
    const at = trap();
    const rows = `builds:\n  - main: .\n    flags: -toolexec=${at.path}\n`;
    const { folder } = await released(rows);
    const own = join(temporaryFolder(), "mine.yaml");
    writeFileSync(own, rows);
    const { status, stderr } = await call([...VERIFY, `--config=${own}`], folder);
    expect(status, stderr).toBe(0);
  });

  it("a compiler that the machine has by that name is no program of the checkout's", async () => {
    const rows = "static: report\nbuilds:\n  - main: .\n    env: { CGO_ENABLED: 1, CC: gcc -O2 }\n";
    const { folder } = await released(rows, IN_C);
    const { status, stderr } = await call(VERIFY, folder);
    expect(status, stderr).toBe(0);
  });

  it("and the maintainers' own release starts what their file says", async () => {
    const at = trap();
    await released(program(at));
    expect(at.sprung()).toBe(true);
  });
});
