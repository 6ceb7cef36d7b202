import type { Asset } from "../../src/forges/forge.ts";
import { Problem } from "../../src/model/problem.ts";
import type { Clock } from "../../src/world/world.ts";
import { type Bench, digests, ship, type Visible } from "../unit/forges/contract.ts";
import { asset, assets } from "./assets.ts";
import type { FaultPlan } from "./faults.ts";
import { scheduled } from "./faults.ts";
import { QuickClock } from "./quick-clock.ts";
import { seeded } from "./seeded.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** What became of one seed's schedule of faults, kills and re-runs. */
interface Outcome {
  readonly seed: number;
  /** The first run failed or was killed. */
  readonly interrupted: boolean;
  /** Runs until one was green; the last one is always without faults. */
  readonly runs: number;
  readonly converged: boolean;
  /** Moments at which users saw a release that was not whole. */
  readonly incomplete: number;
  /** Unfinished releases and loose files when all was done. */
  readonly orphans: number;
  readonly violations: readonly string[];
}

/** A bench whose service can be told to fail. */
export interface Breakable extends Bench {
  breakWith(faults: FaultPlan | undefined): void;
}

/** As `assets`, and what is different in every run: signatures. */
function signedAssets(run: string): readonly Asset[] {
  return [
    ...assets(),
    asset("checksums.txt.sigstore.json", JSON.stringify({ signature: run }), "signature"),
    asset("provenance.sigstore.json", JSON.stringify({ statement: run }), "provenance"),
  ];
}

/**
 * One schedule: a run under faults, often killed, sometimes beside a second run; then re-runs under
 * fewer faults until one is green; then one more without any.
 */
async function play(open: (clock: Clock) => Promise<Breakable>, seed: number): Promise<Outcome> {
  const next = seeded(seed);
  const chance = (odds: number) => next() < odds;
  const rivalry = chance(0.2);
  const bench = await open(rivalry ? new QuickClock() : new VirtualClock());
  bench.breakWith(scheduled(seed, { rate: 0.05 + next() * 0.3, limit: 12 }));
  const run = async (name: string, mayDie: boolean) => {
    const dieAfter = mayDie ? { dieAfter: 1 + Math.floor(next() * 40) } : {};
    return await succeeded(ship(bench.client(dieAfter), signedAssets(name)));
  };
  const rival = rivalry ? run("rival", chance(0.3)) : Promise.resolve(true);
  const [first] = await Promise.all([run("first", chance(0.5)), rival]);
  let runs = 1;
  for (let green = first; !green && runs < 5; runs += 1)
    green = await run(`again ${runs}`, chance(0.3));
  bench.breakWith(undefined);
  const last = await succeeded(ship(bench.client(), signedAssets("last")));
  await bench.close();
  return {
    seed,
    interrupted: !first,
    runs: runs + 1,
    converged: last && isWhole(bench.visible()),
    incomplete: bench.moments().filter((moment, at) => at > 0 && !isWhole(moment)).length,
    orphans: bench.orphans().length,
    violations: bench.violations(),
  };
}

export interface Figures {
  readonly schedules: number;
  readonly interrupted: number;
  readonly converged: number;
  readonly incompleteMoments: number;
  readonly orphans: number;
  readonly violations: number;
  readonly runs: number;
  /** Schedules to look at. */
  readonly failed: readonly Outcome[];
}

export async function campaign(
  open: (clock: Clock) => Promise<Breakable>,
  seeds: readonly number[],
): Promise<Figures> {
  const outcomes: Outcome[] = [];
  for (const seed of seeds) outcomes.push(await play(open, seed));
  const count = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, one) => sum + of(one), 0);
  const good = (one: Outcome) =>
    one.converged && one.incomplete === 0 && one.orphans === 0 && one.violations.length === 0;
  return {
    schedules: outcomes.length,
    interrupted: count(({ interrupted }) => Number(interrupted)),
    converged: count(({ converged }) => Number(converged)),
    incompleteMoments: count(({ incomplete }) => incomplete),
    orphans: count(({ orphans }) => orphans),
    violations: count(({ violations }) => violations.length),
    runs: count(({ runs }) => runs),
    failed: outcomes.filter((one) => !good(one)),
  };
}

/** All files are there, and all that is equal in every run has its own digest. */
function isWhole(visible: Visible): boolean {
  if (visible === undefined) return false;
  const all = digests(signedAssets(""))!;
  const fixed = digests(assets())!;
  const names = Object.keys(visible).sort().join();
  return (
    names === Object.keys(all).sort().join() &&
    Object.entries(fixed).every(([name, sha256]) => visible[name] === sha256)
  );
}

/** False when it ended in a problem or was killed; a bug of ours is thrown. */
export async function succeeded(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return true;
  } catch (error) {
    if (error instanceof Problem || (error instanceof Error && error.name === "Killed"))
      return false;
    throw error;
  }
}
