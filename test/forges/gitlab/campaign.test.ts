import { expect, it } from "vitest";
import { campaign, type Outcome } from "./campaign.ts";

/** `CAMPAIGN=400` runs more schedules than the suite does. */
const count = Number(process.env["CAMPAIGN"] ?? 24);

it(`${count} schedules of faults and kills all end in one whole release`, { timeout: 600_000 }, async () => {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= count; seed++) outcomes.push(await campaign(seed));
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  process.stdout.write(
    `campaign: ${count} schedules, ${sum(({ runs }) => runs)} runs, ${sum(({ requests }) => requests)} requests, ` +
      `${sum(({ faults }) => faults)} faults\n`,
  );
  expect(outcomes.filter(({ wrongs }) => wrongs.length > 0)).toEqual([]);
});
