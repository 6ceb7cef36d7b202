import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { noFaults } from "../support/faults.ts";
import { Bench, type Outcome } from "../support/runs/bench.ts";
import { expectWhole } from "../support/runs/whole.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** A run that the runner cancels while the first such request is on its way. */
async function cancelled(signal: NodeJS.Signals, method: string, path: RegExp): Promise<Outcome> {
  const running = bench.start({ watched: true });
  bench.github.server.faults = (asked, where) => {
    if (asked === method && path.test(where)) running.kill(signal);
    return undefined;
  };
  const outcome = await running.outcome;
  bench.github.server.faults = noFaults;
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toContain(`interrupted by ${signal}`);
  expect(outcome.summary).toContain(`interrupted by ${signal}`);
  const dist = join(outcome.folder, "dist");
  expect(existsSync(dist) ? readdirSync(dist) : []).toEqual([".gitignore"]);
  return outcome;
}

it.each(["SIGINT", "SIGTERM"] as const)(
  "a run that %s ends at an upload publishes nothing, and the next one all",
  async (signal) => {
    const outcome = await cancelled(signal, "POST", /\/assets$/u);
    expect(bench.moments).toEqual([]);
    await expectWhole(bench, await bench.run({ folder: outcome.folder }), outcome);
  },
);

it("a run that is ended while it publishes does not say that it did not", async () => {
  const outcome = await cancelled("SIGTERM", "PATCH", /\/releases\/\d+$/u);
  expect(bench.moments).toHaveLength(1);
  expect(outcome.stdout).not.toContain("nothing was published");
  await expectWhole(bench, await bench.run({ folder: outcome.folder }), outcome);
});
