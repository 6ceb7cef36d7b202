import type { ArchiveStep, BuildStep, Plan } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";

/** What the parts of a build are taken to cost, in compiled targets. Estimates: they balance shards and decide nothing else. */
const TARGET = 1;
/** cgo compiles C besides, and packages that are Go otherwise. */
const CGO = 1;
/** A program is linked and has a few packages of its own. */
const PROGRAM = 0.15;
/** Packed and read back. */
const ARCHIVE = 0.05;

type Steps = ReadonlyMap<string, BuildStep>;

/** One machine's part: its archives, what it has compiled for them, and what that cost. */
class Part {
  readonly archives: ArchiveStep[] = [];
  readonly #built = new Set<string>();
  readonly #steps: Steps;
  #cost = 0;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /** The cost with one archive more; what is compiled already costs nothing again. */
  with(archive: ArchiveStep): number {
    const more = [...this.#wants(archive)].filter(([name]) => !this.#built.has(name));
    return more.reduce((sum, [, cost]) => sum + cost, this.#cost + ARCHIVE);
  }

  add(archive: ArchiveStep): void {
    this.#cost = this.with(archive);
    for (const name of this.#wants(archive).keys()) this.#built.add(name);
    this.archives.push(archive);
  }

  get cost(): number {
    return this.#cost;
  }

  /** What is compiled for an archive: packages, of which one target's builds share most, and programs. */
  #wants({ binaries }: ArchiveStep): ReadonlyMap<string, number> {
    const wanted = new Map<string, number>();
    for (const id of new Set(binaries.map(({ build }) => build))) {
      const step = this.#steps.get(id);
      if (step === undefined) continue;
      for (const { target, env } of step.slices ?? [step]) {
        const cgo = env["CGO_ENABLED"] !== "0";
        wanted.set(`${formatTarget(target)} ${cgo}`, TARGET + (cgo ? CGO : 0));
        wanted.set(`${id} ${formatTarget(target)}`, step.programs.length * PROGRAM);
      }
    }
    return wanted;
  }
}

/**
 * Archives dealt out to machines so that all of them end at about the same time: the costliest first, each to where
 * it ends soonest, so that what shares a target's packages comes together. The archives of each part keep their order.
 */
export function balanced(
  archives: readonly ArchiveStep[],
  builds: Plan["builds"],
  count: number,
): readonly ArchiveStep[][] {
  const steps: Steps = new Map(builds.map((step) => [step.id, step]));
  const parts = Array.from({ length: count }, () => new Part(steps));
  const place = new Map(archives.map((archive, at) => [archive, at]));
  const order = byPlace(place, archives)
    .map((archive) => ({ archive, alone: new Part(steps).with(archive) }))
    .sort((a, b) => b.alone - a.alone);
  for (const [at, { archive }] of order.entries()) {
    const idle = parts.filter((part) => part.archives.length === 0);
    // Each part has something to do: a job that has nothing to build fails.
    const open = order.length - at <= idle.length ? idle : parts;
    soonest(open, archive)?.add(archive);
  }
  return parts.map((part) => [...byPlace(place, part.archives)]);
}

/** The first of those that end soonest. */
function soonest(parts: readonly Part[], archive: ArchiveStep): Part | undefined {
  const ends = parts.map((part) => part.with(archive));
  return parts[ends.indexOf(Math.min(...ends))];
}

/** What a machine spends on archives, in compiled targets. */
export function costOf(archives: readonly ArchiveStep[], builds: Plan["builds"]): number {
  const part = new Part(new Map(builds.map((step) => [step.id, step])));
  for (const archive of archives) part.add(archive);
  return part.cost;
}

function byPlace(
  place: ReadonlyMap<ArchiveStep, number>,
  archives: readonly ArchiveStep[],
): readonly ArchiveStep[] {
  return [...archives].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}
