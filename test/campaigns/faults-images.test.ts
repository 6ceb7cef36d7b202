import { expect, it } from "vitest";
import { pushCampaign } from "../support/images/schedules.ts";

/** A short selection; `FAULT_SCHEDULES=1000` plays that many. */
const count = Number(process.env["FAULT_SCHEDULES"] ?? 6);

it(`pushes, signs and tags images under ${count} schedules of faults and kills`, {
  timeout: 1_200_000,
}, async () => {
  const seeds =
    process.env["SEEDS"]?.split(",").map(Number) ??
    Array.from({ length: count }, (_, seed) => seed + 1);
  const figures = await pushCampaign(seeds);
  console.info(JSON.stringify(figures));
  expect(figures).toMatchObject({ schedules: seeds.length, failed: [] });
});
