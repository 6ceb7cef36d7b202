import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, type Outcome } from "../support/runs/bench.ts";
import { expectWhole } from "../support/runs/whole.ts";

const FOREIGN = "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

function expectHidden({ status, stdout }: Outcome): void {
  expect(bench.published()).toBeUndefined();
  expect(bench.moments).toEqual([]);
  expect(status, stdout).toBe(1);
  expect(stdout).toContain("::error title=Not released::");
}

describe("a certificate that names another commit than is released", () => {
  it("is not released with", async () => {
    bench.sigstore.claims = { sha: FOREIGN };
    expectHidden(await bench.run());
  });

  it("is not released with where CI says nothing of a commit", async () => {
    bench.sigstore.claims = { sha: FOREIGN };
    expectHidden(await bench.run({ env: { GITHUB_SHA: undefined } }));
  });

  it("is told of where a run was started by hand, elsewhere than at the tag", async () => {
    bench.sigstore.claims = { sha: FOREIGN };
    const outcome = await bench.run({
      args: ["--tag=v1.2.3"],
      env: {
        GITHUB_SHA: FOREIGN,
        GITHUB_REF: "refs/heads/main",
        GITHUB_REF_NAME: "main",
        GITHUB_REF_TYPE: "branch",
        GITHUB_EVENT_NAME: "workflow_dispatch",
      },
    });
    await expectWhole(bench, outcome);
    expect(outcome.stdout).toContain(`the certificate names the commit ${FOREIGN}`);
  });

  it("is none where it names the released one", async () => {
    bench.sigstore.claims = { sha: bench.project.head };
    await expectWhole(bench, await bench.run());
  });
});

describe("a tag that was moved between the event and the checkout", () => {
  it("is not released, and nothing is built or signed of it", async () => {
    const outcome = await bench.run({ env: { GITHUB_SHA: FOREIGN } });
    expectHidden(outcome);
    expect(outcome.stdout).not.toContain("build linux/amd64");
    expect(bench.sigstore.requests).toEqual([]);
  });
});

describe("what is staged, changed by somebody else after it was made", () => {
  it.each(["tar.gz", "sbom.json", "checksums.txt"])("is not released (%s)", async (ending) => {
    const folder = bench.project.clone();
    const staging = join(folder, "dist/.work/release");
    const { changed } = bench.github.server;
    let done = false;
    const tamper = (): void => {
      changed();
      if (done) return;
      try {
        const names = readdirSync(staging);
        const name = names.find((one) => one.endsWith(ending));
        // While an archive is written it is still the writer's.
        if (name === undefined || !names.includes("checksums.txt")) return;
        appendFileSync(join(staging, name), "evil");
        done = true;
      } catch {
        // Nothing is staged yet.
      }
    };
    bench.github.server.changed = tamper;
    const eager = setInterval(tamper, 1);
    const outcome = await bench.run({ folder });
    clearInterval(eager);
    expect(done).toBe(true);
    expectHidden(outcome);
  });
});
