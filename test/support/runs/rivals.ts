import { seeded } from "../seeded.ts";
import { Bench, type Outcome } from "./bench.ts";
import { expectWhole, publisherOf } from "./whole.ts";

/** Runs of one tag that met. */
export interface Meeting {
  readonly seed: number;
  /** Exit statuses; null for a run that was killed. */
  readonly statuses: readonly (number | null)[];
  /** Whether none of them came through and another one was needed. */
  readonly again: boolean;
}

/** Milliseconds; a run takes little more when it has the machine to itself. */
const LONGEST = 2_500;

/** Two or three whole runs of one tag, begun and perhaps killed at moments that `seed` decides. */
export async function playRivals(seed: number): Promise<Meeting> {
  const next = seeded(seed);
  const bench = await Bench.open();
  try {
    const runs = Array.from({ length: next() < 0.3 ? 3 : 2 }, () => ({
      start: next() * LONGEST,
      kill: next() < 0.25 ? next() * LONGEST : undefined,
    }));
    const outcomes = await Promise.all(
      runs.map(async ({ start, kill }) => {
        await later(start);
        const running = bench.start();
        if (kill !== undefined) setTimeout(() => running.kill(), kill);
        return await running.outcome;
      }),
    );
    for (const { status, stdout } of outcomes) {
      if (status === null || status === 0) continue;
      if (status !== 1 || !/another run/u.test(stdout))
        throw new Error(`status ${status}: ${stdout}`);
    }
    const first = publisherOf(bench, outcomes);
    await expectWhole(bench, first ?? (await bench.run()), ...outcomes);
    return { seed, statuses: outcomes.map(statusOf), again: first === undefined };
  } finally {
    await bench.close();
  }
}

function statusOf({ status }: Outcome): number | null {
  return status;
}
function later(milliseconds: number) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
