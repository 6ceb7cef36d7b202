import { noFaults } from "../faults.ts";
import { seeded } from "../seeded.ts";
import { Bench, type Outcome, type RunOptions } from "./bench.ts";
import { expectWhole } from "./whole.ts";

/** One story of killed runs and the one that came through. */
export interface Story {
  readonly seed: number;
  /** Runs that were killed before they ended. */
  readonly killed: number;
  /** What people saw when the first run was dead. */
  readonly visible: boolean;
  readonly runs: number;
  /** Entries in the transparency log; two are needed. */
  readonly entries: number;
}

/** Requests to the forge from the first upload to the one that publishes, and some after it. */
const REQUESTS = 16;
/** Milliseconds; signing takes its time between two of those requests. */
const LONGEST_DELAY = 120;

/** Kills whole runs at moments that `seed` decides, then lets one come through. Throws when it does not converge. */
export async function playKills(seed: number): Promise<Story> {
  const next = seeded(seed);
  const bench = await Bench.open();
  try {
    const runs = [await killed(bench, next, {})];
    const visible = bench.published() !== undefined;
    const folder = () => (next() < 0.5 ? { folder: runs[0]?.folder ?? "" } : {});
    while (next() < 0.3 && runs.length < 4) runs.push(await killed(bench, next, folder()));
    bench.github.server.faults = noFaults;
    const last = await bench.run(folder());
    await expectWhole(bench, last, ...runs);
    const dead = runs.filter(({ status }) => status === null).length;
    return { seed, killed: dead, visible, runs: runs.length + 1, entries: bench.entries };
  } finally {
    await bench.close();
  }
}

/** The moment is counted from the first upload: so many requests, and so many milliseconds later. */
async function killed(bench: Bench, next: () => number, options: RunOptions): Promise<Outcome> {
  let left = 1 + Math.floor(next() * REQUESTS);
  const delay = next() * LONGEST_DELAY;
  const running = bench.start(options);
  let uploading = false;
  bench.github.server.faults = (method, path) => {
    uploading ||= method === "POST" && path.endsWith("/assets");
    if (uploading) left -= 1;
    if (left === 0) setTimeout(() => running.kill(), delay);
    return undefined;
  };
  return await running.outcome;
}
