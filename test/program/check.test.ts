import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { treeOf } from "../support/program.ts";
import { temporaryFolder } from "../support/repository.ts";
import { Bench, type RunOptions } from "../support/runs/bench.ts";
import { describeWith } from "../support/tools.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  expect(bench.github.server.violations).toEqual([]);
  expect(bench.github.releases).toEqual([]);
  await bench.close();
});

/** What `check` says of each thing, by its name. */
async function checked(options: RunOptions = {}) {
  const folder = bench.project.clone();
  const before = treeOf(folder);
  const outcome = await bench.run({ folder, ...options, args: ["check"] });
  expect(treeOf(folder)).toEqual(before);
  const rows = outcome.stdout.matchAll(/^(ok|will fail|cannot tell) {2,}(.+?) {2,}(.*)$/gmu);
  const found = new Map([...rows].map(([, result, what, detail]) => [what, { result, detail }]));
  return { outcome, resultOf: (what: string) => found.get(what)?.result, found };
}

describe("check", () => {
  it("says of everything that a release needs that it is right", async () => {
    bench.github.settings.administers = true;
    bench.github.settings.immutable = true;
    const { outcome, found } = await checked();
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(Object.fromEntries([...found].map(([what, { result }]) => [what, result]))).toEqual({
      plan: "ok",
      names: "ok",
      files: "ok",
      token: "ok",
      "immutable releases": "ok",
      tag: "ok",
      release: "ok",
      signing: "ok",
    });
    expect(found.get("immutable releases")?.detail).toContain("stays as it is");
  });

  it("has a line for each thing that will fail, and for what needs it", async () => {
    bench.github.settings.access = "read";
    const { tap } = bench.github;
    tap.settings.access = "read";
    const { outcome, resultOf } = await checked({
      env: {
        INPUT_HOMEBREW: tap.repository,
        INPUT_METADATA: "description=Tells its age",
        GO_RELEASE_TAP_TOKEN: tap.token,
      },
    });
    expect(outcome.status).toBe(1);
    expect(["token", "tag", "signing", `homebrew ${tap.repository}`].map(resultOf)).toEqual([
      "will fail",
      "cannot tell",
      "ok",
      "will fail",
    ]);
    expect(outcome.stdout).toContain("contents: write");
    expect(outcome.stdout).toContain("a release would fail: 2 of 9 checks");
  });

  it("is of use before there is a tag, without a token", async () => {
    const env = {
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REF_NAME: "main",
    };
    bench.github.tags.clear();
    const having = await checked({ env });
    expect(having.outcome.status, having.outcome.stdout).toBe(0);
    expect(["token", "tag", "signing"].map(having.resultOf)).toEqual(["ok", "cannot tell", "ok"]);
    const without = await checked({ env: { ...env, INPUT_TOKEN: "", GITHUB_TOKEN: undefined } });
    expect(without.outcome.status, without.outcome.stdout).toBe(0);
    expect(["token", "immutable releases"].map(without.resultOf)).toEqual([
      "cannot tell",
      "cannot tell",
    ]);
  });

  it("tells as JSON too, in a plan that is whole or in an error", async () => {
    const args = ["check", "--json"];
    const good = await bench.run({ args });
    const plan = JSON.parse(jsonIn(good.stdout)) as { name: string; checks: { what: string }[] };
    expect(plan.name).toBe("age");
    expect(plan.checks.map(({ what }) => what)).toContain("token");
    bench.github.tags.set("v1.2.3", "e".repeat(40));
    const bad = await bench.run({ args });
    expect(bad.status).toBe(1);
    const { error } = JSON.parse(jsonIn(bad.stdout)) as { error: { checks: { what: string }[] } };
    expect(error.checks).toContainEqual(
      expect.objectContaining({ what: "tag", result: "will fail" }),
    );
  });
});

/** The document among the lines of the log, which a runner sees as well. */
function jsonIn(text: string): string {
  return text.slice(text.indexOf("{\n"), text.lastIndexOf("\n}") + 2);
}

describeWith("gpg")("check with an OpenPGP key", () => {
  it("tries it: its passphrase, and whether it may sign", { timeout: 300_000 }, async () => {
    const key = newKey("right");
    const wrong = await checked({ env: { GPG_PRIVATE_KEY: key, GPG_PASSPHRASE: "wrong" } });
    expect(wrong.outcome.status).toBe(1);
    expect(wrong.found.get("OpenPGP key")).toMatchObject({
      result: "will fail",
      detail: expect.stringContaining("the passphrase is not that of"),
    });
    expect(wrong.outcome.stdout).toContain("set GPG_PASSPHRASE to the passphrase of that key");
    const right = await checked({ env: { GPG_PRIVATE_KEY: key, GPG_PASSPHRASE: "right" } });
    expect(right.resultOf("OpenPGP key"), right.outcome.stdout).toBe("ok");
    const dry = { "INPUT_DRY-RUN": "true", GPG_PRIVATE_KEY: "no key at all" };
    expect((await checked({ env: dry })).resultOf("OpenPGP key")).toBe("will fail");
  });
});

function newKey(passphrase: string): string {
  const home = temporaryFolder("gpg-check-");
  const unattended = ["--batch", "--quiet", "--pinentry-mode", "loopback"];
  const ask = (...args: readonly string[]) =>
    execFileSync("gpg", ["--homedir", home, ...unattended, "--passphrase", passphrase, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  ask("--quick-gen-key", "Tool <tool@example.com>", "ed25519", "sign", "never");
  return ask("--export-secret-keys", "--armor");
}
