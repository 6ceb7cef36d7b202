import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../support/github/state.ts";
import { Bench, manifestOf, type Outcome } from "../../support/runs/bench.ts";
import { TAG } from "../../support/runs/project.ts";
import { expectWhole, publisherOf } from "../../support/runs/whole.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

function error({ stdout }: Outcome): string {
  return /^::error .*$/mu.exec(stdout)?.[0] ?? "";
}
/** Requests that change something, at the forge. */
function writes() {
  return bench.github.server.log.filter(
    ({ method, path }) => method !== "GET" && !path.endsWith("/generate-notes"),
  );
}

describe("a release that is finished", () => {
  it.each(["the same job", "another job"])("is left as it is by %s", async (who) => {
    const first = await bench.run();
    const before = bench.state();
    const written = writes().length;
    const again = await bench.run(who === "the same job" ? { folder: first.folder } : {});
    await expectWhole(bench, again, first);
    expect(bench.state()).toBe(before);
    expect(writes().slice(written)).toEqual([]);
    // Its signatures were used again: the log got nothing new.
    expect(bench.entries).toBe(2);
    expect(again.outputs["release-url"]).toBe(first.outputs["release-url"]);
    expect(again.stdout).toContain("an identical release already exists");
    expect(manifestOf(again).artifacts).toEqual(manifestOf(first).artifacts);
  });

  it("stands with a signature that is not ours, which is told", async () => {
    await bench.run();
    const assets = bench.github.releases[0]?.assets ?? [];
    const at = assets.findIndex(({ name }) => name === "checksums.txt.sigstore.json");
    const content = Buffer.from("{}");
    const forged = assets[at] ?? expect.fail("there is no signature");
    assets[at] = { ...forged, content, sha256: sha256(content) };
    const again = await bench.run();
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(
      /^::warning::the released checksums\.txt\.sigstore\.json was not made by this identity/mu,
    );
    const replaced = await bench.run({ env: { INPUT_REPLACE: "true" } });
    expect(replaced.status, replaced.stdout).toBe(0);
    expect(replaced.stdout).not.toContain("was not made by this identity");
    const before = bench.state();
    const last = await bench.run({ env: { INPUT_REPLACE: "true" } });
    expect(last.stdout).toContain("an identical release already exists");
    expect(bench.state()).toBe(before);
  });

  it("is not changed by a run whose tag was moved to other code", async () => {
    const first = await bench.run();
    const before = bench.state();
    bench.project.moveTag({ "more.go": "package main\n" });
    bench.github.tags.set(TAG, bench.project.head);
    const moved = await bench.run();
    expect(moved.status).toBe(1);
    expect(error(moved)).toMatch(/v1\.2\.3 is already published, from [0-9a-f]{40}/u);
    expect(error(moved)).toContain("release a new version");
    expect(bench.state()).toBe(before);
    expect(bench.leaks(first, moved)).toEqual([]);
  });
});

describe("a tag that was moved", () => {
  it("before the run is refused before anything is built", async () => {
    bench.github.tags.set(TAG, "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291");
    const outcome = await bench.run();
    expect(outcome.status).toBe(1);
    expect(error(outcome)).toContain("the tag v1.2.3 points to 5d0e1a9c8b7f");
    expect(outcome.stdout).not.toContain("✓ build");
    expect(bench.github.releases).toEqual([]);
  });

  it("during the run is refused before anything is visible", async () => {
    bench.github.server.faults = (method, path) => {
      if (method === "POST" && path.endsWith("/assets"))
        bench.github.tags.set(TAG, "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291");
      return undefined;
    };
    const outcome = await bench.run();
    expect(outcome.status).toBe(1);
    expect(error(outcome)).toContain("the tag was moved");
    expect(bench.moments).toEqual([]);
  });
});

describe("two whole runs at once", () => {
  it.each([0, 300, 700, 1000])("and %d ms apart make one release", async (apart) => {
    const one = bench.start();
    await new Promise((later) => setTimeout(later, apart));
    const other = bench.start();
    const outcomes = await Promise.all([one.outcome, other.outcome]);
    const winner = publisherOf(bench, outcomes) ?? expect.fail(outcomes[0].stdout);
    for (const loser of outcomes.filter(({ status }) => status !== 0)) {
      expect(loser.status).toBe(1);
      expect(error(loser)).toContain("another run");
      expect(error(loser)).toContain("concurrency: release-");
    }
    await expectWhole(bench, winner, ...outcomes);
  });
});
