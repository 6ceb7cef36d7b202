import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fault, scripted } from "../../support/faults.ts";
import { type JobOptions, Jobs, type Outcome } from "../../support/gitlab/jobs.ts";
import type { ProjectOptions } from "../../support/gitlab/project.ts";
import { TAG } from "../../support/runs/project.ts";

/** A job that cannot release, and the words that its log ends with. */
interface Refusal extends Pick<JobOptions, "args" | "env"> {
  readonly of: string;
  readonly project?: ProjectOptions;
  readonly before?: (jobs: Jobs) => void | Promise<unknown>;
  readonly says: string;
}

const SWITCHED_OFF = `error: reading the package registry failed: the package registry is disabled for this project, or the token's role is below Developer (GitLab answered 403: 403 Forbidden) (check group/age)
  → enable it under Settings > General > Visibility > Package registry; the files of a release are stored there`;

function HIDDEN(project: string) {
  return `error: reading the package registry failed: the project does not exist, or this job's token cannot access it (GitLab answered 404: 404 Project Not Found) (check ${project})
  → add this project under Settings > CI/CD > Job token permissions of the project that is released to, or set \`token\` (the variable GO_RELEASE_TOKEN) to a project access token of it`;
}

const NO_TOKEN = `error: no token for group/age on GitLab
  → a job has one for its own instance; for another instance, or outside CI, set \`token\` (the variable GO_RELEASE_TOKEN) to a project access token with the role Developer and the scope api`;

const ONE = ["--sign=none", "--targets=linux/amd64"];

function byHand({ gitlab }: Jobs): void {
  gitlab.project.releases.set(TAG, {
    tag: TAG,
    name: TAG,
    description: "Made by hand.",
    commit: gitlab.project.options.tags[TAG] ?? "",
    milestones: [],
    releasedAt: "2026-03-01T12:00:00.000Z",
    links: [],
    evidences: [],
  });
}

const refusals: readonly Refusal[] = [
  {
    of: "a protected tag",
    project: { protectedTag: true },
    says: `error: publishing v1.2.3 failed: the tag is protected and this job's user is not allowed to create such tags, which GitLab requires even if the tag exists (GitLab answered 403: You are not allowed to create this tag as it is protected.)
  → add the user's role under Settings > Repository > Protected tags > Allowed to create, or let a user who is allowed to create it push the tag`,
  },
  { of: "a registry that is switched off", project: { registry: false }, says: SWITCHED_OFF },
  {
    of: "a protected package",
    project: { protectedPackage: true },
    says: `error: uploading age_1.2.3_linux_amd64.tar.gz failed: the package is protected and the token's role is too low to push to it (GitLab answered 403: 403 Forbidden - Package protected.)
  → lower the role under Settings > Packages and registries > Protected packages, or use a token with that role`,
  },
  {
    of: "a file that is too large",
    project: { largest: 100_000 },
    says: `error: uploading age_1.2.3_linux_amd64.tar.gz failed: the file is larger than this instance allows for a generic package (GitLab answered 400: 400 Bad request - File is too large)
  → make it smaller, or ask an administrator to raise “Generic package file size” under Package registry (5 GiB by default)`,
  },
  {
    of: "a role that is too low",
    project: { role: "reporter" },
    says: `error: uploading age_1.2.3_linux_amd64.tar.gz failed: the role of the user who started this job is below Developer, which is needed to upload a package (GitLab answered 403: 403 Forbidden)
  → let a user with the role Developer or higher start the job; for another project than the job's own, also add that one under Settings > CI/CD > Job token permissions of the project that is released to`,
  },
  { of: "no token", env: { CI_JOB_TOKEN: undefined }, says: NO_TOKEN },
  {
    of: "a token for another instance",
    args: ["--api-url=http://127.0.0.1:9/api/v4"],
    says: NO_TOKEN,
  },
  {
    of: "a token that has ended",
    env: { CI_JOB_TOKEN: "token-of-a-job-that-is-over" },
    says: `error: reading the package registry failed: the job token is not accepted (GitLab answered 401: 401 Unauthorized) (check group/age)
  → a job token expires with its job: run the job again; or set \`token\` (the variable GO_RELEASE_TOKEN) to a project access token with the scope api`,
  },
  {
    of: "a project that is not there",
    args: ["--repository=group/other"],
    says: HIDDEN("group/other"),
  },
  {
    of: "a project that is closed to job tokens",
    project: { jobTokens: "hidden" },
    says: HIDDEN("group/age"),
  },
  {
    of: "a project that has not allowed the job's",
    project: { jobTokens: false },
    says: `error: reading the package registry failed: this job's project is not on the allowlist of the project that is released to (GitLab answered 403: 403 Forbidden - Authentication by CI/CD job token not allowed from app to age.) (check group/age)
  → add it there under Settings > CI/CD > Job token permissions, or set \`token\` (the variable GO_RELEASE_TOKEN) to a project access token of that project`,
  },
  {
    of: "a tag that was deleted on the server",
    project: { tags: {} },
    says: `error: the tag v1.2.3 does not exist (check group/age)
  → push the tag first`,
  },
  {
    of: "a tag that was deleted on a server whose job tokens see no tags",
    project: { tags: {}, jobTags: false },
    says: `error: publishing v1.2.3 failed: the tag does not exist (GitLab answered 422: Ref is not specified)
  → push the tag first; a pipeline for a tag always has it`,
  },
  {
    of: "a milestone that is not there",
    args: ["--milestones=1.0"],
    says: `error: publishing v1.2.3 failed: a milestone does not exist (GitLab answered 400: Milestone(s) not found: 1.0)
  → create it under Plan > Milestones, or fix \`milestones\``,
  },
  {
    of: "a draft",
    args: ["--draft"],
    says: `error: GitLab has no drafts: whatever is released is visible (check group/age)
  → remove \`draft\`, or check everything beforehand with \`dry-run\``,
  },
  {
    of: "notes to be generated",
    args: ["--notes=generated"],
    says: `error: GitLab cannot generate release notes (check group/age)
  → set \`notes\` to auto (the changelog or the commits) or to a file`,
  },
  {
    of: "a release without files that somebody made",
    before: byHand,
    says: `error: the release v1.2.3 already exists, without files (check group/age)
  → delete it (the tag stays), or set \`replace\` to fill it while it is visible; next time push the tag instead of creating the release by hand`,
  },
  {
    of: "a release with other files",
    args: ["--ldflags=-s"],
    before: (jobs) => jobs.run({ args: ONE }),
    says: `error: the release v1.2.3 already exists and differs in: age_1.2.3.sbom.json, age_1.2.3_linux_amd64.tar.gz, checksums.txt
  → release a new tag, or set \`replace\` to change what is published`,
  },
];

function plain(log: string): string {
  return log.replaceAll(/\u001b\[\d+m/gu, "").trimEnd();
}

function told({ stderr }: Outcome): string {
  const log = plain(stderr);
  return log.slice(log.indexOf("error:"));
}

/** Everything that people can see of the project's releases. */
function seen({ gitlab }: Jobs): string {
  return JSON.stringify([...gitlab.project.releases]);
}

describe.concurrent("a job", () => {
  it.each(refusals)("with $of: says so, and changes nothing", async (refusal) => {
    const { project, before, args = [], env = {}, says } = refusal;
    const jobs = await Jobs.open(project);
    await before?.(jobs);
    const was = seen(jobs);
    const outcome = await jobs.run({ args: [...ONE, ...args], env });
    expect(told(outcome)).toBe(says);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toBe("");
    expect(seen(jobs)).toBe(was);
    expect(Object.keys(outcome.reports).sort()).toEqual([".gitignore", "code-quality.json"]);
    expect(leftovers(outcome)).toEqual([]);
    expect(jobs.leaks(outcome)).toEqual([]);
    expect(jobs.gitlab.server.violations).toEqual([]);
    await jobs.close();
  });

  it("that finds its release as it should be leaves it", async () => {
    const jobs = await Jobs.open();
    await jobs.run({ args: ONE });
    const was = seen(jobs);
    const outcome = await jobs.run({ args: ONE });
    expect(plain(outcome.stderr)).toContain(
      "note: an identical release already exists: nothing was changed",
    );
    expect(outcome.status).toBe(0);
    expect(seen(jobs)).toBe(was);
    await jobs.close();
  });

  it("that is told to replaces a release, link by link", async () => {
    const jobs = await Jobs.open();
    await jobs.run({ args: ONE });
    const was = jobs.published();
    const outcome = await jobs.run({ args: [...ONE, "--ldflags=-s", "--replace"] });
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(Object.keys(jobs.published() ?? {}).sort()).toEqual(Object.keys(was ?? {}).sort());
    expect(jobs.published()).not.toEqual(was);
    expect(jobs.gitlab.moments.flatMap((moment) => Object.values(moment ?? {}))).not.toContain(
      "dead",
    );
    await jobs.close();
  });

  it.each<Fault>(["429", "502-before", "502-after", "lost-answer", "malformed"])(
    "outlives %s and publishes",
    async (fault) => {
      const jobs = await Jobs.open();
      jobs.gitlab.server.faults = scripted(
        { fault, method: "PUT" },
        { fault, method: "POST", path: /releases$/u },
      );
      const outcome = await jobs.run({ args: ONE });
      expect(outcome.status, outcome.stderr).toBe(0);
      expect(Object.keys(jobs.published() ?? {})).toHaveLength(3);
      expect(jobs.gitlab.project.ambiguous()).toEqual([]);
      expect(jobs.gitlab.moments).toHaveLength(1);
      await jobs.close();
    },
  );
});

/** What a failed job left in its output folder besides the mark that makes the folder ours. */
function leftovers({ folder }: Outcome): readonly string[] {
  try {
    return readdirSync(join(folder, "dist")).filter((name) => name !== ".gitignore");
  } catch {
    return [];
  }
}
