import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { payloadOf } from "../../src/provenance/payload.ts";
import { publishedOn, startGitHub, TAG } from "../support/github/job.ts";
import { Runner } from "../support/github/runner.ts";
import { Bench } from "../support/runs/bench.ts";
import { describeWith } from "../support/tools.ts";

const COMMIT = "5d0e1a9c8b7f6e5d4c3b2a1908f7e6d5c4b3a291";
const WORKFLOW = "org/go-release-action/.github/workflows/release.yml@refs/tags/v1";

/** Jobs of a reusable workflow: the token names it, the environment its caller. */
describe("code that is not of the commit which the certificate would name", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
    bench.sigstore.claims = {
      sub: `https://github.com/${WORKFLOW}`,
      job_workflow_ref: WORKFLOW,
      job_workflow_sha: COMMIT,
    };
  });
  afterEach(() => bench.close());

  const taken = (ref: string) => ({
    GITHUB_ACTION_REPOSITORY: "org/go-release-action",
    GITHUB_ACTION_REF: ref,
  });

  it.each(["v1", "main", "0".repeat(40)])("is given no certificate: %s", async (ref) => {
    const { status } = await bench.run({ env: taken(ref) });
    expect(bench.sigstore.requests.filter((one) => one.includes("signingCert"))).toEqual([]);
    expect(bench.github.releases).toEqual([]);
    expect(status).toBe(1);
  });

  it("is what runs where the workflow takes the action of its own commit, its builder in the provenance", async () => {
    const { status, stdout } = await bench.run({ env: taken(COMMIT) });
    expect(status, stdout).toBe(0);
    const bundle = bench.published()?.assets.find(({ name }) => name.startsWith("provenance"));
    const { predicate } = JSON.parse(payloadOf(bundle?.content)?.toString("utf8") ?? "{}");
    expect(predicate.runDetails.builder.id).toBe(`https://github.com/${WORKFLOW}`);
  });
});

describeWith(
  "act",
  "go",
  "git",
)("another job of the workflow's run", () => {
  const example = readFileSync(
    join(import.meta.dirname, "../../examples/workflows/sharded.yml"),
    "utf8",
  );
  const withJob = (script: string): string =>
    `${example.replace("needs: [plan, build]", "needs: [plan, build, test]")}
  test:
    name: test
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: ${script}
`;

  it.each([
    ["exchanges an artifact", 'echo >> "$ARTIFACTS/shard-1-of-3/manifest.json"'],
    [
      "adds an artifact",
      'cp -R "$ARTIFACTS/shard-1-of-3" "$ARTIFACTS/shard-9-of-9"; echo >> "$ARTIFACTS/shard-9-of-9/manifest.json"',
    ],
    [
      "puts something else in the place of an archive",
      'cd "$ARTIFACTS/shard-2-of-3"; ln -sf /proc/self/environ *.tar.gz',
    ],
  ])("that %s publishes nothing", async (_, script) => {
    const fake = await startGitHub();
    const runner = new Runner(fake, withJob(JSON.stringify(script)));
    const { status, log } = await runner.run("push", { ref: `refs/tags/${TAG}` });
    expect(fake.releases).toEqual([]);
    expect(publishedOn(fake)).toBeUndefined();
    expect(log).toMatch(/is not what its job produced|is not a file but a link/u);
    expect(status).not.toBe(0);
  });
});

describe("the reusable workflow that has the action checked out", () => {
  it("takes another commit's in no case", () => {
    // Judged by a run in the test of workflows; here by what else it could name.
    const text = readFileSync(
      join(import.meta.dirname, "../../.github/workflows/release-checkout.yml"),
      "utf8",
    );
    expect(text).not.toMatch(/go-release-action/u);
    expect(text.match(/uses: \.\/action/gu)).toHaveLength(3);
  });
});
