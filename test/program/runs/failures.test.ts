import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it as each, expect } from "vitest";
import { noFaults } from "../../support/faults.ts";
import { Bench, manifestOf, type Outcome } from "../../support/runs/bench.ts";
import { type Failure, failures, slowFailures } from "../../support/runs/failures.ts";

/** `RUNS=all` also waits for services that say nothing, and runs everything again. */
const all = process.env["RUNS"] === "all";
const rows = all ? [...failures, ...slowFailures] : failures;

/** What the runner shows of a failure: the message, then the cure. */
function told({ stdout }: Outcome): string {
  return (/^::error title=Not released::(.*)$/mu.exec(stdout)?.[1] ?? "").replaceAll("%0A", "\n");
}

describe.concurrent("a run that fails", () => {
  each.for(rows.map((row) => [row.what, row] as const))(
    "because %s: says so, publishes nothing, tells no secret, and can be run again",
    { timeout: 300_000 },
    async ([, failure]: readonly [string, Failure]) => {
      const bench = await Bench.open();
      try {
        await play(failure, bench);
      } finally {
        await bench.close();
      }
    },
  );
});

async function play({ arrange, mend, words, cure, again }: Failure, bench: Bench): Promise<void> {
  const failed = await bench.run({ args: ["--json"], watched: true, ...(await arrange(bench)) });
  const said = told(failed);
  expect(failed.status, failed.stdout).toBe(1);
  expect(said).toContain(words);
  expect(said).toMatch(/\n {2}→ /u);
  expect(said.slice(said.indexOf("→"))).toContain(cure);
  expect(failed.summary).toContain(words);
  expect(failed.outputs).toEqual({});
  // As fields, too, for whoever asked for JSON.
  expect(failed.stdout).toMatch(/^ {4}"causes": \[/mu);
  expect(bench.published()).toBeUndefined();
  expect(bench.moments).toEqual([]);
  expect(leftovers(failed)).toEqual([]);
  expect(bench.leaks(failed)).toEqual([]);
  if (all || again === true) await playAgain(failed, mend, bench);
}

/** Without what made it fail, in the same place where that is possible. */
async function playAgain(failed: Outcome, mend: Failure["mend"], bench: Bench): Promise<void> {
  bench.sigstore.fault = undefined;
  bench.github.server.faults = noFaults;
  mend?.(bench);
  const again = await bench.run(mend === undefined ? { folder: failed.folder } : {});
  expect(again.status, again.stdout).toBe(0);
  expect(bench.github.releases).toHaveLength(1);
  expect(new Set(bench.published()?.assets.map(({ name, sha256 }) => `${name} ${sha256}`))).toEqual(
    new Set(manifestOf(again).artifacts.map(({ name, sha256 }) => `${name} ${sha256}`)),
  );
  expect(bench.moments).toHaveLength(1);
  expect(bench.github.server.violations).toEqual([]);
  expect(bench.leaks(again)).toEqual([]);
}

/** What a failed run left in its output folder besides the mark that makes the folder ours. */
function leftovers({ folder }: Outcome): readonly string[] {
  try {
    return readdirSync(join(folder, "dist")).filter((name) => name !== ".gitignore");
  } catch {
    return [];
  }
}
