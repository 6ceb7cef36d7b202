import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, IDENTITY, manifestOf, OIDC_ISSUER, type Outcome } from "../support/runs/bench.ts";

let bench: Bench;
let given: Readonly<Record<string, string>>;

beforeEach(async () => {
  bench = await Bench.open();
  const { tap } = bench.github;
  bench.secrets.add("the tap's token", tap.token);
  given = {
    INPUT_HOMEBREW: tap.repository,
    INPUT_SCOOP: tap.repository,
    "INPUT_SCOOP-PULL-REQUEST": "true",
    INPUT_METADATA: "description=Tells its age\nlicense=MIT",
    GO_RELEASE_TAP_TOKEN: tap.token,
  };
});
afterEach(async () => {
  expect(bench.github.server.violations).toEqual([]);
  await bench.close();
});

const FINISH = [
  ...["publish", "--channels"],
  ...["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", OIDC_ISSUER],
];

function indexOf(method: string, path: RegExp): number {
  return bench.github.server.log.findIndex(
    (one) => one.method === method && path.test(one.path) && (one.status ?? 500) < 300,
  );
}

function resultsOf(outcome: Outcome): readonly string[] {
  return (manifestOf(outcome).channels ?? []).map(({ kind, result }) => `${kind} ${result}`);
}

describe("channels", () => {
  it("point at a release once it is visible, and stay when it is made again", async () => {
    const { tap } = bench.github;
    const first = await bench.run({ env: given, watched: true });
    expect(first.status, first.stdout).toBe(0);
    expect(resultsOf(first)).toEqual(["homebrew moved", "scoop proposed"]);
    const text = tap.files()["Formula/age.rb"] ?? "";
    for (const { name, sha256 } of bench.published()?.assets ?? [])
      if (/darwin|linux/u.test(name)) expect(text).toContain(`${name}"\n      sha256 "${sha256}"`);
    const visible = indexOf("PATCH", /\/releases\/\d+$/u);
    expect(visible).toBeGreaterThan(0);
    expect(indexOf("POST", /homebrew-tap\/git\/trees$/u)).toBeGreaterThan(visible);
    expect(first.summary).toContain("### Channels\n\n- homebrew octo/homebrew-tap: now points");
    expect(readFileSync(join(first.folder, "dist/channels/homebrew/age.rb"), "utf8")).toBe(text);
    const again = await bench.run({ env: given });
    expect(resultsOf(again)).toEqual(["homebrew there", "scoop proposed"]);
    expect(tap.messages()).toHaveLength(2);
    expect(bench.leaks(first, again)).toEqual([]);
  });

  it("that fail are named, the others done, and `publish --channels` does the rest", async () => {
    const { tap } = bench.github;
    tap.settings.protected = true;
    const first = await bench.run({ env: given });
    expect(first.status).toBe(1);
    expect(resultsOf(first)).toEqual(["homebrew failed", "scoop proposed"]);
    expect(first.stdout).toContain("1 of 2 channels could not be written");
    expect(first.stdout).toContain("homebrew-pull-request");
    const before = bench.state();
    expect(bench.published()).toBeDefined();
    tap.settings.protected = false;
    const finished = await bench.run({ env: given, args: FINISH });
    expect(finished.status, finished.stdout).toBe(0);
    expect(finished.stdout).toContain("homebrew octo/homebrew-tap: now points");
    expect(tap.files()["Formula/age.rb"]).toContain("class Age < Formula");
    expect(bench.state()).toBe(before);
    expect(bench.leaks(first, finished)).toEqual([]);
  });

  it("are written to by a GitHub App, whose key and tokens nobody sees", async () => {
    const { app, tap } = bench.github;
    app.installed.add(tap.repository);
    for (const line of app.privateKey.split("\n").slice(1, 3))
      bench.secrets.add("a line of the app's key", line);
    for (const nth of [1, 2, 3, 4])
      bench.secrets.add("an app's token", `ghs_installation_token_${nth}`);
    const { GO_RELEASE_TAP_TOKEN: _, ...rest } = given;
    const env = {
      ...rest,
      GO_RELEASE_TAP_APP_ID: app.id,
      GO_RELEASE_TAP_APP_PRIVATE_KEY: app.privateKey,
    };
    const outcome = await bench.run({ env, watched: true });
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(resultsOf(outcome)).toEqual(["homebrew moved", "scoop proposed"]);
    expect([...app.tokens]).toEqual([]);
    expect(bench.leaks(outcome)).toEqual([]);
    const both = await bench.run({ env: { ...env, GO_RELEASE_TAP_TOKEN: tap.token } });
    expect(both.status).toBe(2);
    expect(both.stdout).toContain("leave one out");
  });

  it("are tried before anything is built", async () => {
    bench.github.tap.settings.access = "read";
    for (const args of [[], ["check"]]) {
      const outcome = await bench.run({ env: given, args });
      expect(outcome.status).toBe(1);
      expect(outcome.stdout).toContain("may not write to octo/homebrew-tap");
      expect(outcome.stdout).not.toContain("build linux");
    }
    expect(bench.github.releases).toEqual([]);
  });

  it("are never pointed at what was not released, or was not signed by whom it should", async () => {
    const none = await bench.run({ env: given, args: FINISH });
    expect(none.stdout).toContain("no release v1.2.3");
    await bench.run();
    const foreign = [...FINISH.slice(0, 2), "--certificate-identity", "https://example.com/x"];
    const args = [...foreign, "--certificate-oidc-issuer", OIDC_ISSUER];
    const refused = await bench.run({ env: given, args });
    expect([none.status, refused.status]).toEqual([1, 1]);
    expect(refused.stdout).toContain("failed verification");
    expect(bench.github.tap.messages()).toHaveLength(1);
  });

  it("cannot be named by a file of the commit", async () => {
    bench.project.moveTag({ ".go-release.yaml": "homebrew: evil/homebrew-tap\n" });
    bench.github.tags.set("v1.2.3", bench.project.head);
    const outcome = await bench.run({ env: { GO_RELEASE_TAP_TOKEN: "ghp_tap_token_for_tests" } });
    expect(outcome.status).toBe(2);
    expect(outcome.stdout).toContain("where a token goes");
    expect(bench.github.releases).toEqual([]);
  });
});
