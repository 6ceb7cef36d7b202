import { expect, it, onTestFinished } from "vitest";
import { Job, publishedOn, startGitHub } from "../../support/github/job.ts";
import { Jobs } from "../../support/gitlab/jobs.ts";
import { TAG } from "../../support/runs/project.ts";

const SCRIPTS = ["install.ps1", "install.sh"];

it("GitHub has the scripts among the release's files, and a second run changes nothing", {
  timeout: 300_000,
}, async () => {
  const fake = await startGitHub();
  const job = new Job(fake);
  const env = { INPUT_INSTALLER: "true", INPUT_SIGN: "none" };
  const first = await job.run({ env });
  expect(first.stderr + first.stdout).not.toContain("::error");
  expect(publishedOn(fake)).toEqual(expect.arrayContaining(SCRIPTS));
  const again = await job.run({ env });
  expect(again.status).toBe(0);
  expect(again.stdout).toContain("an identical release already exists");
});

it("GitLab has them at the release's own address", { timeout: 300_000 }, async () => {
  const jobs = await Jobs.open();
  onTestFinished(() => jobs.close());
  const { status, stdout, stderr } = await jobs.run({
    env: { GO_RELEASE_INSTALLER: "true", GO_RELEASE_SIGN: "none" },
  });
  expect(status, stdout + stderr).toBe(0);
  const links = jobs.gitlab.project.releases.get(TAG)?.links ?? [];
  expect(links.map(({ name }) => name)).toEqual(expect.arrayContaining(SCRIPTS));
  const link = links.find(({ name }) => name === "install.sh");
  expect(link).toMatchObject({ path: "/install.sh", type: "other" });
});
