import { expect, it } from "vitest";
import { Job, startGitHub, TAG } from "../../support/github/job.ts";

interface Row {
  readonly name: string;
  /** Published already, the newest last; a prerelease ends in `-pre`. */
  readonly there: readonly string[];
  /** What people find before. */
  readonly before?: string;
  readonly after: string;
  readonly env?: Readonly<Record<string, string>>;
}

const rows: readonly Row[] = [
  { name: "a backport", there: ["v2.0.0", "v0.9.0"], before: "v2.0.0", after: "v2.0.0" },
  { name: "the highest", there: ["v0.9.0"], before: "v0.9.0", after: TAG },
  {
    name: "the highest beside modules in folders, charts, words and prereleases",
    there: ["cli/v9.0.0", "cli-v3.0.0", "age-7.0.0", "v1", "nightly", "v3.0.0-pre"],
    before: "cli/v9.0.0",
    after: TAG,
  },
  {
    name: "a prerelease",
    there: ["v0.9.0"],
    before: "v0.9.0",
    after: "v0.9.0",
    env: { INPUT_PRERELEASE: "true", INPUT_LATEST: "true" },
  },
];

it.each(rows)("$name leaves the right release as the latest", async ({ there, ...row }) => {
  const github = await startGitHub();
  for (const tag of there)
    github.seed({
      tag,
      draft: false,
      prerelease: tag.endsWith("-pre"),
      latest: String(tag === row.before),
    });
  const job = new Job(github);
  const { status, stdout } = await job.run(row.env === undefined ? {} : { env: row.env });
  expect(status, stdout).toBe(0);
  expect(github.latest()?.tag).toBe(row.after);
  // Run again, it stays.
  expect((await job.run()).status).toBe(0);
  expect(github.latest()?.tag).toBe(row.after);
});
