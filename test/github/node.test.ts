import { afterEach, beforeEach, expect, it } from "vitest";
import { clock } from "../../src/world/node/clock.ts";
import { FakeGitHub } from "../support/github/fake.ts";
import { FILES, Job, TAG } from "../support/github/job.ts";
import { whereIs } from "../support/path.ts";
import { describeWith } from "../support/tools.ts";

const lines = ["node20", "node22", "node24"];

describeWith(...lines)("the bundle publishes on", () => {
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = new FakeGitHub(clock);
    await fake.server.listen();
  });
  afterEach(async () => {
    await fake.server.close();
    expect(fake.server.violations).toEqual([]);
  });

  it.each(lines)("%s", async (name) => {
    const { status, stderr, outputs } = await new Job(fake).run({ node: whereIs(name) });
    // A deprecation would stand there too.
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(outputs).toContain(`/releases/tag/${TAG}`);
    expect(
      fake
        .published(TAG)
        ?.assets.map((one) => one.name)
        .sort(),
    ).toEqual(FILES);
  });
});
