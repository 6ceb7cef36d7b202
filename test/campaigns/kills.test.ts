import { expect, it } from "vitest";
import { playKills, type Story } from "../support/runs/kills.ts";
import { playAll, seedsOf } from "../support/runs/stories.ts";

/** A short selection; `KILLS=200` plays that many. */
const seeds = seedsOf(Number(process.env["KILLS"] ?? 6));

it(`whole runs that are killed converge, in ${seeds.length} stories`, {
  timeout: 3_600_000,
}, async () => {
  const { stories, failed } = await playAll(seeds, playKills);
  const sum = (of: (story: Story) => number) => stories.reduce((all, one) => all + of(one), 0);
  const killed = sum((story) => story.killed);
  console.info(
    JSON.stringify({
      stories: stories.length,
      runs: sum(({ runs }) => runs),
      killed,
      visibleAfterTheFirst: sum(({ visible }) => Number(visible)),
      logEntries: sum(({ entries }) => entries),
      failed,
    }),
  );
  expect(failed).toEqual([]);
  expect(killed).toBeGreaterThan(0);
});
