import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Git } from "../../../src/git/git.ts";
import { originsOf } from "../../../src/git/remotes.ts";
import { capture } from "../../../src/world/node/capture.ts";
import { call } from "../../support/program.ts";
import {
  PROGRAM,
  type Repository,
  repositoryOf,
  temporaryFolder,
} from "../../support/repository.ts";

/** A PATH on which `ssh -G` knows `work` and `gh.example` for GitHub, and every other host for itself. */
function pathWithSsh(): string {
  const folder = temporaryFolder();
  const path = join(folder, "ssh");
  const script = [
    "#!/bin/sh",
    '[ "$1" = -G ] || exit 255',
    'case "$2" in work|github-work|gh.example) echo "user git"; echo "hostname github.com";; *) echo "hostname $2";; esac',
  ];
  writeFileSync(path, `${script.join("\n")}\n`);
  chmodSync(path, 0o755);
  return [folder, process.env["PATH"]].join(delimiter);
}

function withOrigin(url: string, ...settings: readonly (readonly [string, string])[]): Repository {
  const repository = repositoryOf(PROGRAM);
  repository.git("remote", "add", "origin", url);
  for (const [key, value] of settings) repository.git("config", key, value);
  return repository;
}

async function addresses({ folder }: Repository): Promise<readonly string[]> {
  const env = { PATH: pathWithSsh() };
  return await originsOf(new Git(folder, env, { capture }), env, folder, { capture });
}

describe("the addresses of a remote", () => {
  it.each([
    ["git@work:owner/tool.git", ["git@github.com:owner/tool.git", "git@work:owner/tool.git"]],
    ["work:owner/tool", ["github.com:owner/tool", "work:owner/tool"]],
    [
      "ssh://git@gh.example:22/owner/tool",
      ["ssh://github.com:22/owner/tool", "ssh://gh.example:22/owner/tool"],
    ],
    ["git@gitlab.com:group/tool.git", ["git@gitlab.com:group/tool.git"]],
    ["https://work/owner/tool", ["https://work/owner/tool"]],
    ["/srv/git/tool.git", ["/srv/git/tool.git"]],
    ["git@-oProxyCommand=x:owner/tool", ["git@-oProxyCommand=x:owner/tool"]],
  ])("%s are %j", async (url, expected) => {
    expect(await addresses(withOrigin(url))).toEqual(expected);
  });

  it("are what was written too, where a setting makes another of it", async () => {
    const mirror = ["url.https://mirror.example/.insteadOf", "https://github.com/"] as const;
    expect(await addresses(withOrigin("https://github.com/owner/tool", mirror))).toEqual([
      "https://mirror.example/owner/tool",
      "https://github.com/owner/tool",
    ]);
    const alias = ["url.git@github-work:acme/.insteadOf", "git@github.com:acme/"] as const;
    expect(await addresses(withOrigin("git@github.com:acme/tool.git", alias))).toEqual([
      "git@github.com:acme/tool.git",
      "git@github-work:acme/tool.git",
    ]);
  });

  it("are the same without ssh", async () => {
    const env = { PATH: "/nowhere" };
    const git = { remote: async () => "git@work:o/t", writtenRemote: async () => undefined };
    expect(await originsOf(git, env, "/", { capture })).toEqual(["git@work:o/t"]);
  });
});

it("a plan goes where an alias or a mirror leads", async () => {
  const PATH = pathWithSsh();
  const mirror = ["url.https://mirror.example/.insteadOf", "https://github.com/"] as const;
  for (const repository of [
    withOrigin("git@github-work:owner/tool.git"),
    withOrigin("git@gh.example:owner/tool.git"),
    withOrigin("https://github.com/owner/tool", mirror),
  ]) {
    const { stdout } = await call(["plan", "--json"], repository.folder, { PATH });
    expect(JSON.parse(stdout).destination).toMatchObject({
      forge: "github",
      repository: "owner/tool",
      serverUrl: "https://github.com",
    });
  }
});
