import { expect, it } from "vitest";
import { FILES, Job, publishedOn, startGitHub, TAG } from "../../support/github/job.ts";
import { whereIs } from "../../support/path.ts";
import { describeWith } from "../../support/tools.ts";

const lines = ["node20", "node22", "node24"];

describeWith(...lines)("the bundle publishes on", () => {
  it.each(lines)("%s", async (name) => {
    const fake = await startGitHub();
    const { status, stderr, outputs } = await new Job(fake).run({ node: whereIs(name) });
    // A deprecation would stand there too.
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(outputs).toContain(`/releases/tag/${TAG}`);
    expect(publishedOn(fake)).toEqual(FILES);
  });
});
