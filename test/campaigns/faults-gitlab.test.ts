import { expect, it } from "vitest";
import { campaign } from "../support/campaign.ts";
import { gitLabBench } from "../support/gitlab/bench.ts";
import { playKills, type Story } from "../support/gitlab/kills.ts";

/** A short selection; `FAULT_SCHEDULES=1000` plays that many. */
const count = Number(process.env["FAULT_SCHEDULES"] ?? 12);
function seedsOf(many: number): readonly number[] {
  return (
    process.env["SEEDS"]?.split(",").map(Number) ??
    Array.from({ length: many }, (_, seed) => seed + 1)
  );
}

it(`converges on GitLab under ${count} schedules of faults and kills`, {
  timeout: 1_200_000,
}, async () => {
  const seeds = seedsOf(count);
  const figures = await campaign(async (clock) => {
    const bench = await gitLabBench(clock, { role: "maintainer" });
    // Other signatures that a killed run left lie in the registry, where no release names them.
    return { ...bench, orphans: () => bench.fake.project.ambiguous() };
  }, seeds);
  console.info(JSON.stringify(figures));
  expect(figures).toMatchObject({
    converged: seeds.length,
    incompleteMoments: 0,
    orphans: 0,
    violations: 0,
    failed: [],
  });
});

/** Whole jobs take seconds each: a tenth as many. */
const stories = Math.ceil(count / 10);

it(`converges on GitLab in ${stories} stories of killed jobs`, {
  timeout: 60_000 + stories * 60_000,
}, async () => {
  const played: Story[] = [];
  for (const seed of seedsOf(stories)) played.push(await playKills(seed));
  const sum = (of: (story: Story) => number) => played.reduce((all, one) => all + of(one), 0);
  console.info(
    JSON.stringify({
      stories: played.length,
      runs: sum(({ runs }) => runs),
      killed: sum(({ killed }) => killed),
      visibleWhenKilled: sum(({ visible }) => Number(visible)),
    }),
  );
  expect(sum(({ killed }) => killed)).toBeGreaterThan(0);
});
