import { expect, it } from "vitest";
import { campaign } from "../../../support/campaign.ts";
import { gitLabBench } from "../../../support/gitlab/bench.ts";

/** `CAMPAIGN=400` plays more schedules than the suite does. */
const seeds = Array.from(
  { length: Number(process.env["CAMPAIGN"] ?? 25) },
  (_, index) => index + 1,
);

// A developer's token may not delete: an equal second copy that a lost answer left stays, and harms nobody.
it.each(["maintainer", "developer"] as const)(
  `${seeds.length} schedules of faults, kills and rivals end in one whole release, as a %s`,
  { timeout: 600_000 },
  async (role) => {
    const figures = await campaign(async (clock) => {
      const bench = await gitLabBench(clock, { role });
      // Other signatures that a killed run left lie in the registry, where no release names them.
      return {
        ...bench,
        orphans: () => (role === "maintainer" ? bench.fake.project.ambiguous() : []),
      };
    }, seeds);
    process.stdout.write(
      `GitLab, ${role}: ${JSON.stringify({ ...figures, failed: figures.failed.length })}\n`,
    );
    expect(figures.failed).toEqual([]);
  },
);
