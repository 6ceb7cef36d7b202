import { expect, it } from "vitest";
import { playKills, type Story } from "../support/runs/kills.ts";

/** A short selection; `KILLS=200` plays that many. */
const count = Number(process.env["KILLS"] ?? 6);
const seeds =
  process.env["SEEDS"]?.split(",").map(Number) ??
  Array.from({ length: count }, (_, seed) => seed + 1);
/** Most of a story is waiting. */
const AT_ONCE = 6;

it(`whole runs that are killed converge, in ${seeds.length} stories`, {
  timeout: 3_600_000,
}, async () => {
  const stories: Story[] = [];
  const failed: string[] = [];
  const left = [...seeds];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        try {
          stories.push(await playKills(seed));
        } catch (error) {
          failed.push(`${seed}: ${(error as Error).message}`);
        }
      }
    }),
  );
  const sum = (of: (story: Story) => number) => stories.reduce((all, one) => all + of(one), 0);
  console.info(
    JSON.stringify({
      stories: stories.length,
      runs: sum(({ runs }) => runs),
      killed: sum(({ killed }) => killed),
      visibleWhenKilled: sum(({ visible }) => Number(visible)),
      entries: sum(({ entries }) => entries),
      failed,
    }),
  );
  expect(failed).toEqual([]);
  expect(sum(({ killed }) => killed)).toBeGreaterThan(0);
});
