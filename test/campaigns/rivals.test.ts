import { expect, it } from "vitest";
import { type Meeting, playRivals } from "../support/runs/rivals.ts";
import { playAll, seedsOf } from "../support/runs/stories.ts";

/** A short selection; `RIVALS=100` plays that many. */
const seeds = seedsOf(Number(process.env["RIVALS"] ?? 4));

it(`whole runs that meet make one release, in ${seeds.length} meetings`, {
  timeout: 3_600_000,
}, async () => {
  const { stories, failed } = await playAll(seeds, playRivals);
  const ended = (status: number | null) =>
    stories.flatMap((meeting: Meeting) => meeting.statuses).filter((one) => one === status).length;
  console.info(
    JSON.stringify({
      meetings: stories.length,
      cameThrough: ended(0),
      leftTheField: ended(1),
      killed: ended(null),
      neededAnother: stories.filter(({ again }) => again).length,
      failed,
    }),
  );
  expect(failed).toEqual([]);
});
