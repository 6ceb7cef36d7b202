import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { Budget } from "../../../src/release/budget.ts";
import { BuildTurns, GAVE_WAY, type Turn } from "../../../src/release/build-turns.ts";
import type { MemoryState } from "../../../src/world/world.ts";

const GIB = 2 ** 30;
const quiet = new AbortController().signal;

/** Builds on a machine whose free memory is what the test says; each runs until it is ended or gives way. */
function yard(free: number) {
  const state: { now: MemoryState } = { now: { free, stalled: 0 } };
  const machine = { cores: 2, memory: free };
  const told: Event[] = [];
  const turns = new BuildTurns(
    new Budget(machine),
    {
      machine,
      memory: {
        now: async () => state.now,
        async watch(signal, tell) {
          while (!signal.aborted) {
            await sleep(1);
            if (!signal.aborted) tell(state.now);
          }
        },
      },
    },
    { tell: (event) => void told.push(event) },
  );
  const begin = () => {
    let end = (): void => {};
    const seen: { turn?: Turn } = {};
    const done = turns.take({ compilers: 1, signal: quiet }, async (turn) => {
      seen.turn = turn;
      await new Promise<void>((resolve, reject) => {
        end = resolve;
        turn.signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
      });
      return "built";
    });
    return { seen, done, end: () => end() };
  };
  const words = (): string =>
    told.map((event) => ("message" in event ? event.message : "")).join("\n");
  return { state, begin, words };
}

it("lets two builds run side by side where there is memory, and says nothing", async () => {
  const { begin, words } = yard(8 * GIB);
  const [one, two] = [begin(), begin()];
  await sleep(10);
  expect(one.seen.turn?.share).toEqual({ memory: Math.floor(3.2 * GIB), gc: "off" });
  expect(two.seen.turn).toBeDefined();
  one.end();
  two.end();
  expect(await Promise.all([one.done, two.done])).toEqual(["built", "built"]);
  expect(words()).toBe("");
});

it("lets no second build begin where the first left no memory", async () => {
  const { state, begin, words } = yard(4 * GIB);
  const one = begin();
  await sleep(5);
  state.now = { free: GIB / 4, stalled: 0 };
  const two = begin();
  await sleep(10);
  expect(two.seen.turn).toBeUndefined();
  one.end();
  state.now = { free: 4 * GIB, stalled: 0 };
  await sleep(10);
  expect(two.seen.turn?.share).toEqual({ memory: Math.floor(3.4 * GIB), gc: "off" });
  two.end();
  await two.done;
  expect(words()).toBe(
    "memory decides how many builds run: 4.0 GiB were free at the start and 256.0 MiB are now, so only 1 at a time; more memory, or `concurrency: 1`, avoids that a build begins twice",
  );
});

it.each([
  ["memory runs out", { free: GIB / 8, stalled: 0 }],
  ["nothing moves for want of memory", { free: 0.75 * GIB, stalled: 0.5 }],
])("stops the last build, and no other, when %s", async (_, now) => {
  const { state, begin } = yard(4 * GIB);
  const [one, two] = [begin(), begin()];
  await sleep(5);
  state.now = now;
  expect(await two.done).toBe(GAVE_WAY);
  await sleep(10);
  expect(one.seen.turn?.signal.aborted).toBe(false);
  const again = begin();
  await sleep(10);
  expect(again.seen.turn).toBeUndefined();
  one.end();
  expect(await one.done).toBe("built");
  await sleep(10);
  again.end();
  expect(await again.done).toBe("built");
});

it("says at the start what keeps cores idle", () => {
  expect(yard(GIB).words()).toBe(
    "memory decides how many compilers run: 1.0 GiB are free, enough for 1 on 2 cores; 2.0 GiB are enough for all, and `concurrency` decides it otherwise",
  );
});
