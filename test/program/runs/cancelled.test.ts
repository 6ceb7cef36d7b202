import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { noFaults } from "../../support/faults.ts";
import { Bench, type Outcome } from "../../support/runs/bench.ts";
import { expectWhole } from "../../support/runs/whole.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** A run that the runner cancels when such a request was obeyed and its answer is still to come. */
async function cancelled(signal: NodeJS.Signals, method: string, path: RegExp): Promise<Outcome> {
  const running = bench.start({ watched: true });
  const { server } = bench.github;
  server.faults = (asked, where) => (asked === method && path.test(where) ? "held" : undefined);
  const held = () => server.log.some(({ fault }) => fault === "held");
  await vi.waitUntil(held, { timeout: 60_000, interval: 10 });
  running.kill(signal);
  const outcome = await running.outcome;
  server.faults = noFaults;
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

it.each([
  ["publishes", "PATCH", /\/releases\/\d+$/u],
  ["gives the provenance to the repository", "POST", /\/attestations$/u],
])(
  "a run that is ended while it %s does not say that it did not publish",
  async (_, ...request) => {
    const outcome = await cancelled("SIGTERM", ...request);
    expect(bench.moments).toHaveLength(1);
    expect(outcome.stdout).not.toContain("nothing was published");
    await expectWhole(bench, await bench.run({ folder: outcome.folder }), outcome);
  },
);
