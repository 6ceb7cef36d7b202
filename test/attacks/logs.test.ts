import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { listen } from "../support/attacks/listener.ts";
import { trap } from "../support/attacks/trap.ts";
import { Job, module, startGitHub, TAG } from "../support/github/job.ts";
import { call, start } from "../support/program.ts";
import { PROGRAM, repositoryOf, type Tree, temporaryFolder } from "../support/repository.ts";

/** What a runner would obey of a log: `::name …::` at the start of a line, and `##[name …]` anywhere in it. */
function obeyed(log: string): readonly string[] {
  let stopped: string | undefined;
  return log.split(/\r\n|\r|\n/u).flatMap((line) => {
    const [, name = "", data = ""] = /^\s*::([\w-]+)(?: [^:]*)?::(.*)$/u.exec(line) ?? [];
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      return [];
    }
    if (name === "stop-commands") stopped = data;
    if (name !== "") return [name];
    return /##\[([\w-]+)[^\]]*\]/u.exec(line)?.slice(1) ?? [];
  });
}

/** What this program itself says to a runner. */
const OWN = /^(stop-commands|group|endgroup|add-mask|notice|warning|error|debug)$/u;

/** A word that only an attacker says, and what people cannot see. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u{e0000}-\u{e007f}]/u;

describe("a job's log", () => {
  const names: readonly (readonly [string, Tree])[] = [
    [
      "an archive's name, as older runners read it",
      { ".go-release.yaml": 'archive-name: "x##[set-env name=EVIL]{os}{arch}"\n' },
    ],
    [
      "an archive's name that begins like a command",
      { ".go-release.yaml": 'archive-name: "::set-env name=EVIL::{os}{arch}"\n' },
    ],
    ["a title", { ".go-release.yaml": 'title: "x\\n::set-env name=EVIL::y"\n' }],
    [
      "a build's name",
      { ".go-release.yaml": 'builds:\n  - main: .\n    flags: "##[set-env name=EVIL]"\n' },
    ],
    [
      "a value that is refused",
      { ".go-release.yaml": 'sign: "x\\n::set-env name=EVIL::##[set-env name=EVIL]"\n' },
    ],
    ["a key of the file", { ".go-release.yaml": '"x\\n::set-env name=EVIL::y": 1\n' }],
    ["a file that is not committed", { "##[set-env name=EVIL]": "", "::set-env name=EVIL::": "" }],
  ];
  it.each(names)("obeys no name: %s", async (what, tree) => {
    const fake = await startGitHub();
    const untracked = what.includes("not committed");
    const repository = repositoryOf({ ...module, ...(untracked ? {} : tree) }, TAG);
    if (untracked) repository.write(tree);
    const { stdout, stderr } = await new Job(fake, repository).run({ env: { INPUT_SIGN: "none" } });
    expect(obeyed(stdout + stderr).filter((name) => !OWN.test(name))).toEqual([]);
  });

  it.each(["plan", "check", "build", "release"])("obeys none that %s prints", async (command) => {
    const { folder } = repositoryOf({
      ...PROGRAM,
      ".go-release.yaml": 'archive-name: "##[set-env name=EVIL]{os}{arch}"\n',
    });
    const outputs = join(temporaryFolder(), "output");
    writeFileSync(outputs, "");
    const github = { GITHUB_ACTIONS: "true", GITHUB_OUTPUT: outputs, INPUT_FORGE: "directory" };
    const env = { CI: "true", ...github };
    const argv = [
      command,
      "--targets=linux/amd64",
      ...(command === "plan" ? [] : ["--no-dry-run"]),
    ];
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await start(inject("bundle"), [...argv, ...more], folder, env)
        .ended;
      expect(obeyed(stdout + stderr).filter((name) => !OWN.test(name))).toEqual([]);
    }
  });

  it("shows what cannot be seen, and which way it runs", async () => {
    const { folder } = repositoryOf({
      ...PROGRAM,
      ".go-release.yaml": 'title: "v1.2.\\u202e3"\nnotes: "NOTES\\u200b.md"\nsign: "a\\ufeffb"\n',
    });
    const { folder: named } = repositoryOf({
      ...PROGRAM,
      ".go-release.yaml": 'archive-name: "a\\u202ecod.exe_{os}"\n',
    });
    for (const place of [folder, named])
      for (const argv of [["plan"], ["plan", "--json"], ["check"]]) {
        const { stdout, stderr } = await call(argv, place);
        expect(stdout + stderr).not.toMatch(UNSEEN);
      }
  });

  it("shows what a released file's name hides", async () => {
    const evil = temporaryFolder();
    writeFileSync(join(evil, "checksums.txt"), `${"0".repeat(64)}  a\u202ecod.exe\n`);
    writeFileSync(join(evil, "a\u202ecod.exe"), "");
    const { folder } = repositoryOf(PROGRAM);
    const { stdout, stderr, status } = await call(["verify", evil, "--any-signer"], folder);
    expect(status).toBe(1);
    expect(stdout + stderr).not.toMatch(UNSEEN);
  });
});

describe("an answer that does not end", () => {
  it.each(["GitHub's", "GitLab's"])("is given up, once: %s", async (whose) => {
    let sent = 0;
    const endless = await listen((_, response) => {
      const chunk = Buffer.alloc(1 << 20, " ");
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        for (;;) {
          if (response.destroyed) return;
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
      };
      more();
    });
    const { folder } = repositoryOf(PROGRAM);
    const forge = whose === "GitHub's" ? "github" : "gitlab";
    const project = ["--repository=o/r", `--forge=${forge}`, `--api-url=${endless.origin}`];
    const env = { GO_RELEASE_TOKEN: "token-of-ours-4711" };
    for (const argv of [
      ["verify", "v1.2.3", ...project],
      ["check", "--dry-run=false", ...project],
    ]) {
      const { status } = await call(argv, folder, env);
      expect(status).toBe(1);
    }
    expect(endless.heard).toHaveLength(2);
    expect(sent).toBeLessThan(2 * (80 << 20));
  });
});

describe("a program of the checkout", () => {
  it("is not what `go` and `git` mean, whatever lies in the current folder", async () => {
    const at = trap();
    const names = ["go", "git", "go.exe", "git.exe", "gcc"];
    const repository = repositoryOf({
      ...PROGRAM,
      ...Object.fromEntries(names.map((name) => [name, at.script])),
    });
    const { folder } = repository;
    for (const name of names) chmodSync(join(folder, name), 0o755);
    repository.git("commit", "-q", "-a", "--amend", "--no-edit");
    repository.git("tag", "-f", "v1.2.3");
    for (const PATH of [`:${process.env["PATH"]}`, `${process.env["PATH"]}:`, "", ":"])
      for (const argv of [["plan"], ["--targets=linux/amd64"]]) {
        await call(argv, folder, { PATH });
        expect(at.sprung()).toBe(false);
      }
    expect((await call(["plan"], folder)).status).toBe(0);
  });
});
