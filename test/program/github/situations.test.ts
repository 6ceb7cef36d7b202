import { beforeEach, describe, expect, it } from "vitest";
import type { FakeGitHub } from "../../support/github/fake.ts";
import {
  type Ended,
  FILES,
  Job,
  module,
  publishedOn,
  startGitHub,
  TAG,
} from "../../support/github/job.ts";
import { untagged } from "../../support/github/shapes.ts";
import { repositoryOf } from "../../support/repository.ts";

type Variables = Readonly<Record<string, string>>;

let fake: FakeGitHub;
beforeEach(async () => {
  fake = await startGitHub();
});

/** Annotations as a person reads them. */
function said(
  { stdout }: Ended,
  level: "error" | "warning" | "notice" | "debug",
): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith(`::${level}`))
    .map((line) => line.replace(/^::[^:]*::/u, "").replaceAll("%0A", "\n"));
}

describe("a job that cannot release says what, where and the cure, and changes nothing", () => {
  const ours = (commit: string) => `<!-- go-release-action tag=${TAG} commit=${commit} run=r -->`;

  it.each<[string, (job: Job) => Variables | void, string]>([
    [
      "no token",
      () => ({ INPUT_TOKEN: "" }),
      "no token for octo/age\n" +
        "  → give `token` (the variable GO_RELEASE_TOKEN) or set GITHUB_TOKEN; in a workflow the token is provided automatically; add to the job:\n" +
        "        permissions:\n          contents: write",
    ],
    [
      "a token that GitHub does not know",
      () => ({ INPUT_TOKEN: "ghs_wrong" }),
      "GitHub does not accept the token: Bad credentials (check octo/age)\n" +
        "  → give a valid `token`; in a workflow the default ${{ github.token }} is enough",
    ],
    [
      "a read-only token",
      () => {
        fake.settings.access = "read";
      },
      "the workflow's token has no permission to write releases in octo/age: Resource not accessible by integration\n" +
        "  → add to the job:\n        permissions:\n          contents: write",
    ],
    [
      "another repository",
      () => ({ INPUT_REPOSITORY: "octo/other" }),
      "octo/other was not found, or the token cannot access it\n" +
        "  → check `repository` (owner/name), and that the token has access to it",
    ],
    [
      "a tag that was not pushed",
      () => fake.tags.clear(),
      "the tag v1.0.0 is not in octo/age\n  → push it: git push origin v1.0.0",
    ],
    [
      "a tag that was moved since",
      () => {
        fake.tags.set(TAG, "f".repeat(40));
      },
      `the tag v1.0.0 points to ${"f".repeat(40)} in octo/age, but <commit> was built\n` +
        "  → the tag was moved: run the workflow again for the commit that it points to now, or release a new version",
    ],
    [
      "another commit than the tag's",
      ({ repository }) => repository.commit(),
      "tag v1.0.0 is at <commit>, but HEAD is at <commit>\n" +
        "  → check out the tag first: `git checkout v1.0.0`, or `ref: refs/tags/v1.0.0` of actions/checkout",
    ],
    [
      "a release from another commit",
      () => void fake.seed({ tag: TAG, draft: false, body: ours("e".repeat(40)) }),
      `v1.0.0 is already published, from ${"e".repeat(40)}: <origin>/octo/age/releases/tag/v1.0.0\n` +
        "  → release a new version, or set `replace: true` to change what people may have downloaded",
    ],
    [
      "an immutable release",
      () => void fake.seed({ tag: TAG, draft: false, immutable: true, body: "By hand." }),
      "v1.0.0 is published and immutable: <origin>/octo/age/releases/tag/v1.0.0\n" +
        "  → it can no longer be changed: release a new version; a release to which files are attached must be created by this program, not by hand",
    ],
  ])("%s", async (_, arrange, words) => {
    const job = new Job(fake);
    const env = arrange(job) ?? {};
    const before = JSON.stringify(fake.releases);
    const ended = await job.run({ env });
    expect(said(ended, "error").map(plain)).toEqual([words]);
    expect(ended.status).toBe(1);
    expect(ended.summary).toContain("## Not released");
    expect(JSON.stringify(fake.releases)).toBe(before);
  });

  /** Without this run's own commits and port. */
  const plain = (text: string): string =>
    text
      .replaceAll(fake.origin, "<origin>")
      .replaceAll(/\b(?!e+\b|f+\b)[0-9a-f]{40}\b|\b[0-9a-f]{12}\b/gu, "<commit>");
});

it("a program that does not compile leaves no draft", async () => {
  const job = new Job(fake, repositoryOf({ ...module, "main.go": "package main\n" }, TAG));
  const ended = await job.run();
  expect(ended.status).toBe(1);
  expect(said(ended, "error").at(-1)).toContain("function main is undeclared");
  expect(fake.releases).toEqual([]);
});

describe("what is there already", () => {
  it("is left alone when it is the same, and refused when it is not", async () => {
    const job = new Job(fake);
    await job.run();
    const before = JSON.stringify(fake.releases);
    const same = await job.run();
    expect(said(same, "notice")).toContain(
      "an identical release already exists: nothing was changed",
    );
    expect(same.status).toBe(0);
    const other = await job.run({ env: { INPUT_TARGETS: "linux/amd64" } });
    expect(said(other, "error")[0]).toMatch(
      /^v1\.0\.0 is already published and differs from this one: .*checksums\.txt is different\n {2}→ release a new version, or set `replace: true`/u,
    );
    expect(other.status).toBe(1);
    expect(JSON.stringify(fake.releases)).toBe(before);
  });

  it("a person's own draft of the tag stays, and is named", async () => {
    const theirs = fake.seed({ tag: TAG, draft: true, body: "By hand." });
    const ended = await new Job(fake).run();
    expect(said(ended, "notice")).toContain(
      `another draft of v1.0.0, not created by this program, was left alone: ${fake.origin}/octo/age/releases/tag/${untagged(theirs.id)}`,
    );
    expect(ended.status).toBe(0);
    expect(publishedOn(fake)).toEqual(FILES);
    expect(fake.releases).toContain(theirs);
  });

  it("a tag name that a deleted immutable release has burned", async () => {
    fake.burned.add(TAG);
    const ended = await new Job(fake).run();
    expect(said(ended, "error")).toEqual([
      `GitHub refuses the tag ${TAG} in octo/age: Validation Failed: tag_name was used by an immutable release\n` +
        `  → an immutable release has used the tag name ${TAG} permanently, even if it was deleted: release a new version`,
    ]);
    expect(ended.status).toBe(1);
    expect(publishedOn(fake)).toBeUndefined();
  });
});

it("with debug logging every request stands in the log, and no secret", async () => {
  const ended = await new Job(fake).run({ env: { RUNNER_DEBUG: "1" } });
  expect(ended.status).toBe(0);
  const requests = said(ended, "debug");
  expect(requests).toContainEqual(
    expect.stringMatching(/^GET http.*\/repos\/octo\/age 200 \(\d+ ms\)$/u),
  );
  expect(requests).toContainEqual(expect.stringMatching(/^POST .*\/assets 201 /u));
  expect(requests.join("\n")).not.toMatch(/\?|name=/u);
  const log = ended.stdout.replaceAll(/^::add-mask::.*$/gmu, "") + ended.stderr;
  expect(log).not.toContain(fake.token);
  const silent = await new Job(fake).run();
  expect(said(silent, "debug")).toEqual([]);
});

it("a branch is a dry run, though its HEAD is tagged", async () => {
  const ended = await new Job(fake).run({
    env: {
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_NAME: "main",
      GITHUB_REF_TYPE: "branch",
    },
  });
  expect(ended.stdout).toContain("; a dry run, triggered for the branch main\n");
  expect(ended.status).toBe(0);
  expect(fake.server.log).toEqual([]);
});

it("of two runs at once one releases, the other says so", async () => {
  const runs = await Promise.all([new Job(fake).run(), new Job(fake).run()]);
  const [lost] = runs.filter(({ status }) => status !== 0);
  if (lost !== undefined)
    // Whichever request it lost at, it names the other and the cure.
    expect(said(lost, "error")[0]).toMatch(/another run[^]*concurrency/u);
  expect(runs.filter(({ status }) => status === 0).length).toBeGreaterThan(0);
  expect(publishedOn(fake)).toEqual(FILES);
  expect(fake.releases).toHaveLength(1);
});

it("an input that does not exist is a warning with a suggestion", async () => {
  const ended = await new Job(fake).run({
    env: { INPUT_TARGET: "linux/amd64", INPUT_FRIDAY: "yes" },
  });
  expect(said(ended, "warning")).toEqual([
    "unknown input `target`; did you mean `targets`?",
    "unknown input `friday`; it is ignored",
  ]);
  expect(ended.status).toBe(0);
});
