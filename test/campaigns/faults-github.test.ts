import { expect, it } from "vitest";
import { campaign } from "../support/campaign.ts";
import { gitHubBench } from "../support/github/bench.ts";

/** A short selection; `FAULT_SCHEDULES=1000` plays that many. */
const count = Number(process.env["FAULT_SCHEDULES"] ?? 12);

it(`converges on GitHub under ${count} schedules of faults and kills`, {
  timeout: 1_200_000,
}, async () => {
  const seeds =
    process.env["SEEDS"]?.split(",").map(Number) ??
    Array.from({ length: count }, (_, seed) => seed + 1);
  const figures = await campaign(gitHubBench, seeds);
  console.info(JSON.stringify(figures));
  expect(figures).toMatchObject({
    converged: count,
    incompleteMoments: 0,
    orphans: 0,
    violations: 0,
    failed: [],
  });
});
