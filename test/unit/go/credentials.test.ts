import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gitCredentials, withoutPasswords } from "../../../src/go/credentials.ts";
import { node } from "../../../src/world/node.ts";
import { temporaryFolder } from "../../support/repository.ts";

/** What fetching gets of an environment with these secrets, under this git configuration. */
async function given(config: string, more: Readonly<Record<string, string>> = {}, auth?: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "gitconfig"), config);
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    GIT_CONFIG_GLOBAL: join(folder, "gitconfig"),
    GIT_CONFIG_SYSTEM: "/dev/null",
    CI_JOB_TOKEN: "secret-1",
    GITHUB_TOKEN: "secret-2",
    AWS_SECRET_ACCESS_KEY: "secret-3",
    COSIGN_PASSWORD: "secret-4",
    MY_TOKEN: "secret-5",
    ...more,
  };
  return await gitCredentials(env, { folder, auth, trusted: [] }, await node());
}

function secretsIn(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(env).filter((name) => env[name]?.startsWith("secret-"));
}

describe("what git gets to reach a private module", () => {
  it("is no secret where nothing asks for one", async () => {
    expect(secretsIn(await given("[user]\n\tname = x\n"))).toEqual([]);
  });

  it.each([
    ['[credential]\n\thelper = "!f() { echo password=$CI_JOB_TOKEN; }; f"\n', ["CI_JOB_TOKEN"]],
    ['[credential "https://a.example"]\n\thelper = "!echo password=${MY_TOKEN}"\n', ["MY_TOKEN"]],
    ['[credential]\n\thelper = "!gh auth git-credential"\n', ["GITHUB_TOKEN"]],
    [
      '[credential]\n\thelper = "!aws codecommit credential-helper $@"\n',
      ["AWS_SECRET_ACCESS_KEY"],
    ],
    ["[credential]\n\thelper = store\n", []],
    ['[core]\n\tsshCommand = "sshpass -p $MY_TOKEN ssh"\n', ["MY_TOKEN"]],
  ])("is what the helper of %j names", async (config, names) => {
    expect(secretsIn(await given(config))).toEqual(names);
  });

  it("is what an askpass script names", async () => {
    const script = join(temporaryFolder(), "askpass");
    writeFileSync(script, '#!/bin/sh\nexec echo "$MY_TOKEN"\n');
    chmodSync(script, 0o755);
    const env = await given("", { GIT_ASKPASS: script });
    expect(secretsIn(env)).toEqual(["MY_TOKEN"]);
    expect(env["GIT_ASKPASS"]).toBe(script);
  });

  it("is what a helper on PATH and the command of GOAUTH name", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "git-credential-ours"), "#!/bin/sh\necho password=$MY_TOKEN\n");
    writeFileSync(
      join(folder, "goauth"),
      '#!/usr/bin/env python3\nimport os\nprint(os.environ["CI_JOB_TOKEN"])\n',
    );
    const PATH = `${folder}:${process.env["PATH"]}`;
    const env = await given("[credential]\n\thelper = ours\n", { PATH }, join(folder, "goauth"));
    expect(secretsIn(env)).toEqual(["CI_JOB_TOKEN", "MY_TOKEN"]);
  });

  it("are its settings of the environment, before this program's own", async () => {
    const env = await given("", {
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "url.https://x@a.example/.insteadOf",
      GIT_CONFIG_VALUE_0: "https://a.example/",
      GIT_CONFIG_KEY_1: "http.extraHeader",
      GIT_CONFIG_VALUE_1: "X: y",
      GIT_DIR: "/nowhere",
      GIT_TRACE_CURL: "1",
    });
    expect(env).toMatchObject({
      GIT_CONFIG_KEY_0: "url.https://x@a.example/.insteadOf",
      GIT_CONFIG_VALUE_1: "X: y",
    });
    expect(Number(env["GIT_CONFIG_COUNT"])).toBeGreaterThan(2);
    expect(env).not.toHaveProperty("GIT_DIR");
    expect(env).not.toHaveProperty("GIT_TRACE_CURL");
  });
});

it("the password of a URL is not repeated", () => {
  const said = "fatal: unable to access 'https://oauth2:secret@a.example/x.git/': 403";
  expect(withoutPasswords(said)).toBe(
    "fatal: unable to access 'https://***@a.example/x.git/': 403",
  );
});
