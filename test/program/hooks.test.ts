import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/model/manifest.ts";
import { call } from "../support/program.ts";
import { PROGRAM, repositoryOf } from "../support/repository.ts";

const GENERATING = {
  "go.mod": "module example.com/made\n\ngo 1.21\n",
  "main.go":
    'package main\n\nimport _ "embed"\n\n//go:embed made.txt\nvar text string\n\nfunc main() { print(text) }\n',
  ".gitignore": "made.txt\ndist\n",
};

function configured(tree: Readonly<Record<string, string>>, yaml: string) {
  const repository = repositoryOf({
    ...tree,
    ".go-release.yaml": `targets: [linux/amd64]\n${yaml}`,
  });
  return repository.folder;
}

describe("commands of `before`", () => {
  it("make what `generated` declares, in the plan and the provenance", async () => {
    const folder = configured(
      GENERATING,
      "before:\n  - sh -c 'echo made for {version} in $PWD > made.txt'\ngenerated: [made.txt]\n",
    );
    const { status, stdout, stderr } = await call(["--json"], folder);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { plan } = JSON.parse(stdout) as Manifest;
    expect(plan.before).toEqual(["sh -c 'echo made for {version} in $PWD > made.txt'"]);
    expect(plan.generated.map(({ path }) => path)).toEqual(["made.txt"]);
    expect(plan.parameters["before"]).toEqual(plan.before);
    expect(readFileSync(join(folder, "made.txt"), "utf8")).toBe(`made for 1.2.3 in ${folder}\n`);
    expect(await call(["verify", "dist", "--any-signer"], folder)).toMatchObject({ status: 0 });
  });

  it("are started by what builds alone", async () => {
    const folder = configured(PROGRAM, "before: [touch made.txt]\ngenerated: [made.txt]\n");
    const { status, stdout, stderr } = await call(["plan"], folder);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain("before: touch made.txt");
    expect(stderr).toContain("the commands of `before` are not run here");
    expect(existsSync(join(folder, "made.txt"))).toBe(false);
  });

  it("see what the caller names of the environment, and no word of it is shown", async () => {
    const folder = configured(
      PROGRAM,
      "before:\n  - sh -c 'echo ${GITHUB_TOKEN:-none} $KEY; env > seen.txt'\ngenerated: [seen.txt]\n",
    );
    const env = { GITHUB_TOKEN: "token-of-somebody", KEY: "key-of-somebody" };
    const { stderr } = await call(["--before-env=KEY"], folder, env);
    expect(stderr).not.toMatch(/(token|key)-of-somebody/u);
    const seen = readFileSync(join(folder, "seen.txt"), "utf8");
    expect(seen).toContain("KEY=key-of-somebody");
    expect(seen).not.toContain("token-of-somebody");
  });

  it.each([
    [
      "leaves something behind",
      "before: [touch left.txt]",
      "before: `touch left.txt` changed left.txt",
      "declare it with `generated`",
    ],
    [
      "rewrites a file of the commit",
      "before:\n  - sh -c 'echo >> main.go'",
      "changed main.go",
      "commit what it makes",
    ],
    [
      "fails",
      "before:\n  - sh -c 'echo what went wrong; exit 3'",
      "failed (exit status 3)",
      "fix what it says",
    ],
    [
      "is not there",
      "before: [no-such-program here]",
      "could not be started: there is no no-such-program on PATH",
      "install it",
    ],
    ["is not written to its end", 'before: ["echo \'x"]', "has a ' that is never closed", ""],
  ])("one that %s is told before anything is built", async (_, yaml, words, cure) => {
    const folder = configured(PROGRAM, `${yaml}\n`);
    const { status, stderr } = await call([], folder);
    expect(status).not.toBe(0);
    expect(stderr).toContain(words);
    expect(stderr).toContain(cure);
    expect(existsSync(join(folder, "dist", "manifest.json"))).toBe(false);
  });

  it("are given no secret by the file", async () => {
    const folder = configured(PROGRAM, "before: [env]\nbefore-env: [GITHUB_TOKEN]\n");
    const { status, stderr } = await call(["plan"], folder);
    expect(status).toBe(2);
    expect(stderr).toContain("which secrets a command is given");
  });

  it("need what the caller names", async () => {
    const folder = configured(PROGRAM, "before: [env]\n");
    const { stderr } = await call(["--before-env=NOT_THERE"], folder);
    expect(stderr).toContain("before-env: NOT_THERE is not set or empty");
  });

  it("of a file are not started to verify somebody's release", async () => {
    const folder = configured(PROGRAM, "before: ['true']\n");
    const refused = await call(["verify", "dist", "--any-signer", "--rebuild"], folder);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("before");
    expect(refused.stderr).toContain("may start a program");
  });
});

describe("commands of `after-build`", () => {
  it("may change a program, which is inspected and hashed again", async () => {
    const folder = configured(
      PROGRAM,
      "archive: none\nafter-build: sh -c 'printf tail >> $0; echo {os} {arch} {target} {binary} {version} > said.txt' {path}\n",
    );
    const { status, stdout, stderr } = await call(["--json"], folder);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { artifacts, binaries } = JSON.parse(stdout) as Manifest;
    const released = artifacts.find(({ kind }) => kind === "binary");
    expect(readFileSync(join(folder, "dist", released?.name ?? ""), "latin1")).toMatch(/tail$/u);
    expect(binaries[0]?.sha256).toBe(released?.sha256);
    expect(readFileSync(join(folder, "said.txt"), "utf8")).toMatch(
      /^linux amd64 linux_amd64 \S+ 1\.2\.3\n$/u,
    );
  });

  it("may hide what Go wrote into a program, as packers do", async () => {
    const hide = "LC_ALL=C sed -i 's/\\xff Go buildinf:/\\xff Go buildinx:/' $0";
    const folder = configured(
      PROGRAM,
      `after-build: [ "sh -c \\"${hide.replaceAll("\\", "\\\\\\\\")}\\" {path}" ]\n`,
    );
    const { status, stdout, stderr } = await call(["--json"], folder);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { binaries } = JSON.parse(stdout) as Manifest;
    expect(binaries[0]?.inspection.buildInfo.settings["GOOS"]).toBe("linux");
  });

  it.each([
    ["rm {path}", "after-build left no"],
    ["cp /bin/sh {path}", "is dynamically linked"],
    ["cp go.mod {path}", "neither ELF"],
    ["'false'", "after-build: `false` failed (exit status 1)"],
  ])("%s is refused", async (command, words) => {
    const folder = configured(PROGRAM, `after-build: ["${command}"]\n`);
    const { status, stderr } = await call([], folder);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
  });

  it("do not know what is no variable", async () => {
    const folder = configured(PROGRAM, "after-build: ['echo {paht}']\n");
    const { status, stderr } = await call(["plan"], folder);
    expect(status).toBe(2);
    expect(stderr).toContain("{path}");
  });
});
