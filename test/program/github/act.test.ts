import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { FakeGitHub } from "../../support/github/fake.ts";
import { FILES, publishedOn, startGitHub, TAG } from "../../support/github/job.ts";
import { Runner } from "../../support/github/runner.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const PUSHED = { ref: `refs/tags/${TAG}` };
const SIGNATURES = ["checksums.txt.sigstore.json", "provenance.sigstore.json"];
const OURS = "uses: org/go-release-action@v1";

/** A step at the end of the last job. */
const LATER = `      - env:
          URL: \${{ steps.ours.outputs.release-url }}
          CHECKSUMS: \${{ steps.ours.outputs.checksums }}
          DRY_RUN: \${{ steps.ours.outputs.dry-run }}
          NAMES: \${{ join(fromJSON(steps.ours.outputs.artifacts).*.kind) }}
        run: |
          echo "later step got $URL [$DRY_RUN] $NAMES"
          cd "$(dirname "$CHECKSUMS")"
          sha256sum --check --strict "$CHECKSUMS"
`;

function example(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../../examples/workflows", name), "utf8");
}

/** An example as it stands, whose last step of ours is read by a later one. */
function withLater(name: string): string {
  const text = example(name);
  const at = text.lastIndexOf(OURS);
  return `${text.slice(0, at)}id: ours\n        ${text.slice(at)}${LATER}`;
}

describeWith(
  "act",
  "cosign",
  "go",
  "git",
)("a workflow, run by act", () => {
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = await startGitHub();
  });
  const page = () => `${fake.origin}/${fake.repository}/releases/tag/${TAG}`;

  it("of one job publishes when a tag is pushed, and a later step has the outputs", async () => {
    const { status, log } = await new Runner(fake, withLater("one-job.yml")).run("push", PUSHED);
    expect(log).toContain(
      `later step got ${page()} [false] archive,archive,archive,sbom,checksums`,
    );
    expect(log).toContain("age_1.0.0_windows_amd64.zip: OK");
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
    expect(log).not.toContain(fake.token);
  });

  it("started by hand with a tag publishes that tag, on Node 24 as well", async () => {
    const workflow = withLater("one-job.yml").replace(
      OURS,
      "uses: org/go-release-action/node24@v1",
    );
    const { status, log } = await new Runner(fake, workflow).run("workflow_dispatch", {
      ref: "refs/heads/main",
      inputs: { tag: TAG },
    });
    expect(log).toContain(`later step got ${page()} [false]`);
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
  });

  it("started by a release that a person made adds our files to it", async () => {
    const workflow = withLater("one-job.yml").replace(
      /^on:\n[^]*?\n\n/mu,
      "on:\n  release:\n    types: [published]\n\n",
    );
    const runner = new Runner(fake, workflow);
    const made = fake.seed({ tag: TAG, name: "One", body: "By hand.", draft: false });
    const { status, log } = await runner.run("release", {
      action: "published",
      release: { tag_name: TAG },
    });
    expect(log).toContain(`later step got ${page()} [false]`);
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
    expect(made).toMatchObject({ name: "One", body: "By hand." });
  });

  it("for a pull request does everything but publish", async () => {
    const workflow = withLater("pull-request.yml");
    const { status, log } = await new Runner(fake, workflow).run("pull_request", {
      number: 12,
      pull_request: { head: { ref: "feature" }, base: { ref: "main" } },
    });
    expect(log).toMatch(/later step got {2}\[true\] archive,archive,archive/u);
    expect(status).toBe(0);
    expect(fake.releases).toEqual([]);
    expect(fake.server.log.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("in shards publishes the same files", async () => {
    const { status, log } = await new Runner(fake, withLater("sharded.yml")).run("push", PUSHED);
    expect(log).toContain(`later step got ${page()} [false]`);
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
  });

  it("that hands a key to the reusable one signs with it, in the last job alone", async () => {
    const keys = temporaryFolder();
    const env = { ...process.env, COSIGN_PASSWORD: "open sesame" };
    execFileSync("cosign", ["generate-key-pair"], { cwd: keys, env, stdio: "ignore" });
    const COSIGN_PRIVATE_KEY = readFileSync(join(keys, "cosign.key"), "utf8");
    const [release = ""] = example("slsa.yml").split("\n  verify:");
    const { status, log } = await new Runner(fake, `${release}\n    secrets: inherit\n`).run(
      "push",
      { ...PUSHED, repository: { visibility: "private" } },
      { COSIGN_PRIVATE_KEY, COSIGN_PASSWORD: env.COSIGN_PASSWORD },
    );
    expect(log).toContain(page());
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual([...FILES, ...SIGNATURES]);
    expect(log).not.toContain(env.COSIGN_PASSWORD);
  });

  it("that calls the one for older runners publishes, with the action of the commit it was called at", async () => {
    const [release = ""] = example("slsa.yml").split("\n  verify:");
    const runner = new Runner(fake, release.replace("/release.yml@", "/release-checkout.yml@"));
    runner.moveAction((folder) =>
      writeFileSync(join(folder, "dist/index.js"), 'throw new Error("another commit ran")'),
    );
    const { status, log } = await runner.run("push", PUSHED);
    expect(log).not.toContain("another commit ran");
    expect(log).toContain(page());
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
  });

  it("that calls it where the server does not tell its commit runs nothing of ours", async () => {
    const [release = ""] = example("slsa.yml").split("\n  verify:");
    const workflow = release.replace("/release.yml@", "/release-checkout.yml@");
    const { status, log } = await new Runner(fake, workflow, { tellsCommit: false }).run(
      "push",
      PUSHED,
    );
    expect(log).toContain("does not tell a reusable workflow its own commit");
    expect(status).not.toBe(0);
    expect(fake.releases).toEqual([]);
    expect(fake.server.log).toEqual([]);
  });

  it("that calls the reusable one publishes", async () => {
    // Its second job asks github.com's own `gh`.
    const [release] = example("slsa.yml").split("\n  verify:");
    const { status, log } = await new Runner(fake, release ?? "").run("push", PUSHED);
    expect(log).toContain(page());
    expect(status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
  });
});
