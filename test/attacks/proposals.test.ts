import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { trap } from "../support/attacks/trap.ts";
import type { FakeGitHub } from "../support/github/fake.ts";
import { Job, module, startGitHub, TAG } from "../support/github/job.ts";
import { Jobs } from "../support/gitlab/jobs.ts";
import { repositoryOf, type Tree, temporaryFolder } from "../support/repository.ts";

/** A pull request's job, whose checkout is what somebody proposes; its token may write. */
async function proposed(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  event: object = {},
) {
  const fake = await startGitHub();
  const tree: Tree = { ...module, ".go-release.yaml": `targets: [linux/amd64]\n${file}` };
  const path = join(temporaryFolder(), "event.json");
  writeFileSync(path, JSON.stringify(event));
  const job = new Job(fake, repositoryOf(tree, TAG));
  const outcome = await job.run({ env: { ...PULL_REQUEST, GITHUB_EVENT_PATH: path, ...env } });
  return { fake, outcome };
}

const PULL_REQUEST = {
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_REF: "refs/pull/12/merge",
  GITHUB_REF_NAME: "12/merge",
  GITHUB_REF_TYPE: "branch",
};
/** Of a run that is started in the name of the branch that the proposal is for. */
const TARGET = {
  GITHUB_REF: "refs/heads/main",
  GITHUB_REF_NAME: "main",
  GITHUB_REF_TYPE: "branch",
};

function expectUntouched(fake: FakeGitHub): void {
  expect(fake.releases).toEqual([]);
  const writes = fake.server.log.filter(({ method }) => method !== "GET");
  expect(writes).toEqual([]);
}

describe("what somebody proposes is not published", () => {
  it.each([
    ["its file says so", 'dry-run: "false"\n', {}],
    ["its file names the tag", `tag: ${TAG}\n`, {}],
    ["its file says that what is there may change", "replace: true\n", {}],
    ["the job's own inputs say so", "", { "INPUT_DRY-RUN": "false" }],
    ["the job's own inputs name the tag", "", { INPUT_TAG: TAG }],
    ["the environment says so", "", { GO_RELEASE_DRY_RUN: "false", GO_RELEASE_TAG: TAG }],
    [
      "it runs with the branch's secrets",
      "",
      { ...TARGET, GITHUB_EVENT_NAME: "pull_request_target", INPUT_TAG: TAG },
    ],
    ["it waits to be merged", "", { ...TARGET, GITHUB_EVENT_NAME: "merge_group", INPUT_TAG: TAG }],
  ])("where %s", async (_, file, env) => {
    const { fake } = await proposed(file, env);
    expectUntouched(fake);
  });

  it.each([
    ["workflow_run", { workflow_run: { event: "pull_request" } }],
    ["issue_comment", { issue: { pull_request: {} } }],
  ])("where another event follows from it: %s", async (name, event) => {
    const env = { ...TARGET, GITHUB_EVENT_NAME: name, INPUT_TAG: TAG };
    expectUntouched((await proposed("", env, event)).fake);
  });

  it.each([
    ["a merge request's", { CI_MERGE_REQUEST_IID: "7", CI_COMMIT_TAG: undefined }],
    ["one that pretends to a tag", { CI_MERGE_REQUEST_IID: "7" }],
    ["one of its child pipelines", { CI_COMMIT_TAG: undefined, CI_COMMIT_REF_NAME: "feature" }],
  ])("on GitLab: %s", async (_, env) => {
    const jobs = await Jobs.open();
    try {
      await jobs.run({ env: { CI_COMMIT_BRANCH: undefined, ...env } });
      expect(jobs.published()).toBeUndefined();
      const { log } = jobs.gitlab.server;
      expect(log.filter(({ method }) => method !== "GET")).toEqual([]);
    } finally {
      await jobs.close();
    }
  });
});

describe("what somebody proposes starts nothing beside the job's secrets", () => {
  it.each([
    ["-toolexec", (path: string) => `flags: -toolexec=${path}\n`],
    ["CC", (path: string) => `static: report\nenv: { CGO_ENABLED: 1, CC: ${path} }\n`],
    ["before", (path: string) => `before: ["${path}"]\n`],
    ["after-build", (path: string) => `after-build: ["${path} {path}"]\n`],
    [
      "an override",
      (path: string) =>
        `overrides:\n  - targets: [linux/amd64]\n    after-build: ["${path} {path}"]\n`,
    ],
    ["in a row", (path: string) => `builds:\n  - main: .\n    flags: -toolexec=${path}\n`],
  ])("%s", async (_, file) => {
    const at = trap();
    await proposed(file(at.path), {});
    expect(at.sprung()).toBe(false);
  });
});

describe("beside it", () => {
  it("a dry run of a pull request makes everything, with a compiler that the machine has", async () => {
    const rows = "static: report\nbuilds:\n  - main: .\n    env: { CGO_ENABLED: 1, CC: gcc }\n";
    const { fake, outcome } = await proposed(rows, {});
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(outcome.outputs).toMatch(/dry-run<<.*\ntrue\n/u);
    expectUntouched(fake);
  });

  it("a tag is published, be it one that a workflow is told by hand", async () => {
    const fake = await startGitHub();
    const env = { ...TARGET, GITHUB_EVENT_NAME: "workflow_dispatch", INPUT_TAG: TAG };
    const { status, stdout } = await new Job(fake).run({ env: { ...env, INPUT_SIGN: "none" } });
    expect(status, stdout).toBe(0);
    expect(fake.published(TAG)).toBeDefined();
  });
});
