import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { github } from "../../../../src/forges/github/github.ts";
import { http } from "../../../../src/world/node/http.ts";
import { random } from "../../../../src/world/node/random.ts";
import { assets, release } from "../../../support/assets.ts";
import { destination, type GitHubBench, gitHubBench } from "../../../support/github/bench.ts";
import { ship } from "../contract.ts";

let bench: GitHubBench;
beforeEach(async () => {
  bench = await gitHubBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.violations()).toEqual([]);
});

describe("notes that are longer than GitHub takes", () => {
  const long = { ...release, notes: "a line of notes\n".repeat(10_000), previousTag: "v0.9.0" };

  it("are cut at a line, which is told", async () => {
    const { notices } = await ship(bench.client(), assets(), long);
    const body = bench.fake.published("v1.0.0")?.body ?? "";
    expect(body.length).toBeLessThanOrEqual(125_000);
    expect(body).toMatch(
      /a line of notes\n\n… \[All changes\]\(.*\/octo\/age\/compare\/v0\.9\.0\.\.\.v1\.0\.0\)\n\n<!--/,
    );
    expect(notices).toEqual([
      "the notes exceed the 125,000 characters that GitHub accepts and were truncated; they end with a link to all changes",
    ]);
  });

  it("leave no fence open, which would show the claim", async () => {
    const notes = `\`\`\`\n${"x = 1\n".repeat(30_000)}\`\`\`\n`;
    await ship(bench.client(), assets(), { ...long, notes });
    expect(bench.fake.published("v1.0.0")?.body).toMatch(/x = 1\n```\n\n… \[All changes\]/u);
    expect((await ship(bench.client(), assets(), { ...long, notes })).changed).toBe(false);
  });

  it("are shown beforehand as they are published", async () => {
    const shown = await bench.client().notes(long);
    await ship(bench.client(), assets(), long);
    expect(bench.fake.published("v1.0.0")?.body.startsWith(shown.trimEnd())).toBe(true);
  });
});

describe("notes that GitHub makes", () => {
  it("stand between the header and the footer, beforehand too", async () => {
    const generated = { ...release, notes: null, header: "# Hello", footer: "Bye" };
    const shown = await bench.client().notes(generated);
    expect(shown).toMatch(/^# Hello\n\n[^]+\n\nBye\n$/u);
    await ship(bench.client(), assets(), generated);
    expect(bench.fake.published("v1.0.0")?.body.startsWith(shown.trimEnd())).toBe(true);
  });
});

describe("notes beforehand", () => {
  it("need no token unless GitHub makes them", async () => {
    const forge = github({
      destination: destination(bench.fake, false),
      token: undefined,
      http,
      clock: bench.clock,
      random,
    });
    expect(await forge.notes(release)).toBe("First release.\n");
    await expect(forge.notes({ ...release, notes: null })).rejects.toThrow("no token");
    expect(bench.fake.server.log).toEqual([]);
  });

  it("are GitHub's own where that was asked for", async () => {
    const text = await bench.client().notes({ ...release, notes: null, previousTag: "v0.9.0" });
    expect(text).toBe("## What's Changed\n\n**Full Changelog**: v0.9.0...v1.0.0\n");
  });
});

describe("the message of a tag on GitHub", () => {
  const object = "1".repeat(40);

  it("is that of an annotated tag, also of a tag of a tag", async () => {
    bench.fake.tags.set("v1.0.0", object);
    bench.fake.annotated.set(object, "2".repeat(40)).set("2".repeat(40), release.commit ?? "");
    bench.fake.messages.set(object, "- one\n- two\n");
    expect(await bench.client().tagMessage("v1.0.0")).toEqual({
      kind: "annotated",
      message: "- one\n- two\n",
    });
  });

  it("is none of a lightweight one, nor of one that is not there", async () => {
    expect(await bench.client().tagMessage("v1.0.0")).toEqual({ kind: "lightweight" });
    expect(await bench.client().tagMessage("v9.9.9")).toEqual({ kind: "unknown" });
  });
});
