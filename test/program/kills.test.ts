import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it } from "vitest";
import { pathWithGo, whereIs } from "../support/path.ts";
import { type Outcome, type Running, start, watched } from "../support/program.ts";
import { PROGRAM, type Repository, repositoryOf, temporaryFolder } from "../support/repository.ts";
import { namesIn, processesOf, unsound, wholeRelease } from "../support/soundness.ts";

const ARGV = ["--targets=linux/amd64,linux/arm64,windows/amd64", "--concurrency=2"];

/** `npm run kills` sets hundreds; a seed makes a run of them repeatable. */
const KILLS = Number(process.env["KILLS"] ?? 15);
const SEED = Number(process.env["SEED"] ?? 1);

/** Park and Miller's minimal standard generator, from 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function run(repository: Repository, env = {}): Running {
  return start(inject("bundle"), ARGV, repository.folder, env);
}

/** Waits until the program has said `words`. */
async function heard({ said, ended }: Running, words: string): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!said().includes(words) && !over) await sleep(5);
}

describe("a run killed at any moment", () => {
  it(`ends in the same release when it is run again (${KILLS} kills)`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const repository = repositoryOf(PROGRAM);
    const output = join(repository.folder, "dist");
    expect(await run(repository).ended).toMatchObject({ status: 0 });
    const begin = performance.now();
    expect(await run(repository).ended).toMatchObject({ status: 0 });
    const duration = performance.now() - begin;
    const checksums = readFileSync(join(output, "checksums.txt"), "utf8");
    const next = random(SEED);
    for (let kill = 0; kill < KILLS; kill++) {
      // Every other one into the last fifth, in which files get their final names.
      const moment = duration * (kill % 2 === 0 ? next() : 0.8 + 0.3 * next());
      const { child, ended } = run(repository);
      await sleep(moment);
      child.kill("SIGKILL");
      await ended;
      const when = `killed after ${moment.toFixed(1)} ms`;
      expect(unsound(output), when).toEqual([]);
      if (kill % 3 === 2) continue;
      const again = await run(repository).ended;
      expect(again, when).toMatchObject({ status: 0 });
      expect(readFileSync(join(output, "checksums.txt"), "utf8"), when).toBe(checksums);
      expect(unsound(output), when).toEqual([]);
      expect(namesIn(output), when).toEqual(wholeRelease(output));
      expect(repository.git("status", "--porcelain")).toBe("");
    }
  });
});

describe("a run killed while it compiles", () => {
  it("leaves no compiler that goes on", async () => {
    const repository = repositoryOf(PROGRAM);
    const output = join(repository.folder, "dist");
    const running = run(repository, { GOCACHE: temporaryFolder() });
    const compilers = () => processesOf(output).filter((command) => command.includes("compile"));
    await expect.poll(compilers, { timeout: 20_000 }).not.toEqual([]);
    running.child.kill("SIGKILL");
    await running.ended;
    await expect.poll(() => processesOf(output), { timeout: 15_000 }).toEqual([]);
    expect(namesIn(output)).not.toContain("manifest.json");
  });
});

describe("the reader of the output", () => {
  const piped = (repository: Repository, line: string) =>
    watched(whereIs("sh"), ["-c", line, process.execPath, inject("bundle")], repository.folder);

  it("may close its pipe before the end, and the run goes on", async () => {
    const repository = repositoryOf(PROGRAM);
    const line = '{ "$0" "$1" --targets=linux/amd64 2>&1; echo $? > status; } | head -n 1';
    const { stdout } = await piped(repository, line).ended;
    expect(stdout).toBe("✓ survey\n");
    expect(readFileSync(join(repository.folder, "status"), "utf8")).toBe("0\n");
    const output = join(repository.folder, "dist");
    expect(namesIn(output)).toEqual(wholeRelease(output));
  });

  it("whose disk is full makes the run fail in words", async () => {
    const repository = repositoryOf(PROGRAM);
    const { status, stderr } = await piped(repository, '"$0" "$1" plan --json > /dev/full').ended;
    expect(status).toBe(1);
    expect(stderr).toContain(
      "error: cannot write output: ENOSPC: no space left on device, write\n",
    );
    expect(stderr).not.toContain("    at ");
  });

  it("hears no warning of Node's about listeners", async () => {
    const failing = pathWithGo('[ "$1" = build ] && exit 1\nexec "$REAL" "$@"');
    const argv = ["--targets=linux/*", "--concurrency=32"];
    const { folder } = repositoryOf(PROGRAM);
    const { stderr } = await start(inject("bundle"), argv, folder, { PATH: failing }).ended;
    expect(stderr).toContain("error: go build failed");
    expect(stderr).not.toContain("MaxListeners");
  });
});

describe("a run interrupted by a signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s stops the compilers and leaves nothing",
    async (signal) => {
      const repository = repositoryOf(PROGRAM);
      const running = run(repository, { GOCACHE: temporaryFolder() });
      await heard(running, "✓ check modules");
      await sleep(500);
      expect(processesOf(join(repository.folder, "dist"))).not.toEqual([]);
      running.child.kill(signal);
      const { status, stderr } = await running.ended;
      expect(status).toBe(1);
      expect(stderr.slice(stderr.indexOf("error:"))).toBe(
        `error: interrupted by ${signal}: everything was stopped\n` +
          "  → run it again: it picks up where it stopped\n",
      );
      expect(processesOf(join(repository.folder, "dist"))).toEqual([]);
      expect(namesIn(join(repository.folder, "dist"))).toEqual([".gitignore"]);
    },
  );

  it("before anything was begun leaves no folder", async () => {
    const repository = repositoryOf(PROGRAM);
    const slow = pathWithGo('[ "$1" = list ] && sleep 1\nexec "$REAL" "$@"');
    const running = run(repository, { PATH: slow });
    await sleep(600);
    running.child.kill("SIGINT");
    const { status, stderr } = await running.ended;
    expect(status).toBe(1);
    expect(stderr).toContain("error: interrupted by SIGINT");
    expect(namesIn(repository.folder)).toEqual([".git", "LICENSE", "go.mod", "main.go"]);
  });
});

describe("two runs at once", () => {
  const slow = pathWithGo('[ "$1" = build ] && sleep 2\nexec "$REAL" "$@"');

  it("in one output folder: one wins, and the other says why not", async () => {
    const repository = repositoryOf(PROGRAM);
    const output = join(repository.folder, "dist");
    const outcomes = await Promise.all([0, 1, 2].map(() => run(repository, { PATH: slow }).ended));
    const byStatus = (wanted: number): readonly Outcome[] =>
      outcomes.filter(({ status }) => status === wanted);
    expect(byStatus(0)).toHaveLength(1);
    expect(byStatus(1)).toHaveLength(2);
    for (const { stderr } of byStatus(1)) {
      expect(stderr.slice(stderr.indexOf("error:"))).toBe(
        `error: output ${output} is in use by another run\n` +
          "  → wait until it finishes, or choose another `output`\n",
      );
    }
    expect(unsound(output)).toEqual([]);
    expect(namesIn(output)).toEqual(wholeRelease(output));
  });

  it("after one that was killed: exactly one takes over", async () => {
    const repository = repositoryOf(PROGRAM);
    const output = join(repository.folder, "dist");
    const first = run(repository, { PATH: slow });
    await heard(first, "✓ check modules");
    first.child.kill("SIGKILL");
    await first.ended;
    expect(namesIn(output)).toContain(".lock");
    const outcomes = await Promise.all([0, 1].map(() => run(repository, { PATH: slow }).ended));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([0, 1]);
    expect(namesIn(output)).toEqual(wholeRelease(output));
  });
});

describe("what a killed run may leave", () => {
  it("a folder with half a mark is still ours", async () => {
    const repository = repositoryOf(PROGRAM);
    mkdirSync(join(repository.folder, "dist"));
    writeFileSync(join(repository.folder, "dist/.gitignore.4711.tmp"), "# Out");
    expect(await run(repository).ended).toMatchObject({ status: 0 });
    expect(namesIn(join(repository.folder, "dist"))).toEqual(
      wholeRelease(join(repository.folder, "dist")),
    );
  });

  it("a compiler that outlives it makes its folders anew, and goes on while the next run begins", async () => {
    const repository = repositoryOf(PROGRAM);
    const output = join(repository.folder, "out/of/release");
    const argv = [...ARGV, "--output=out/of/release"];
    // It lives until the second run has begun to compile, or for ten seconds.
    const outliving = pathWithGo(
      `if [ "$1" = build ]; then
  for i in $(seq 100); do
    [ -e .git/next ] && exit 1
    mkdir -p "$GOTMPDIR/go-build17/b$i" && echo x >"$GOTMPDIR/go-build17/b$i/_pkg_.a"
    sleep 0.1
  done 2>/dev/null
fi
exec "$REAL" "$@"`,
    );
    const first = start(inject("bundle"), argv, repository.folder, { PATH: outliving });
    await heard(first, "✓ check modules");
    await expect.poll(() => existsSync(join(output, ".work/tmp/go-build17"))).toBe(true);
    first.child.kill("SIGKILL");
    // It says that a folder is not empty, for it is filled anew meanwhile.
    spawnSync("rm", ["-rf", join(repository.folder, "out")]);
    await expect.poll(() => existsSync(join(output, ".work/tmp/go-build17"))).toBe(true);
    expect(namesIn(output)).toEqual([".work"]);
    expect(repository.git("status", "--porcelain")).toBe("?? out/");
    const again = await start(inject("bundle"), argv, repository.folder).ended;
    writeFileSync(join(repository.folder, ".git/next"), "");
    expect(again.stderr).not.toContain("error:");
    expect(again.status).toBe(0);
    expect(unsound(output)).toEqual([]);
    await expect.poll(() => processesOf(output)).toEqual([]);
  });
});
