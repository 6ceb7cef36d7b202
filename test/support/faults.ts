import { seeded } from "./seeded.ts";

/**
 * What may go wrong with one request. `stale` and `starter` are left to the fake itself: a server that
 * has not seen the latest writes, and a 502 that leaves a half-stored file behind. `echo` is a refusal that
 * repeats the credentials it was sent; `held` does what was asked and never answers.
 */
const FAULTS = [
  "reset-before",
  "reset-mid-body",
  "502-before",
  "502-after",
  "lost-answer",
  "starter",
  "429",
  "403-rate",
  "slow",
  "stale",
  "malformed",
  "401",
  "403",
  "echo",
  "held",
] as const;
export type Fault = (typeof FAULTS)[number];

/** The faults that a patient client outlives; the others are refusals, and one waits for ever. */
const PASSING: readonly Fault[] = FAULTS.filter(
  (fault) => !["401", "403", "echo", "held"].includes(fault),
);

/** Decides, request by request, what goes wrong. */
export type FaultPlan = (method: string, path: string) => Fault | undefined;

export const noFaults: FaultPlan = () => undefined;

/** The given faults, each for the first requests that match, one at a time. */
export function scripted(
  ...script: readonly {
    readonly fault: Fault;
    readonly method?: string;
    readonly path?: RegExp;
    readonly times?: number;
  }[]
): FaultPlan {
  const left = script.map((entry) => ({ ...entry, times: entry.times ?? 1 }));
  return (method, path) => {
    const entry = left.find(
      (one) => one.times > 0 && (one.method ?? method) === method && (one.path?.test(path) ?? true),
    );
    if (entry === undefined) return undefined;
    entry.times -= 1;
    return entry.fault;
  };
}

/** Strikes with probability `rate`, at most `limit` times, always the same for one seed. */
export function scheduled(
  seed: number,
  {
    rate = 0.1,
    limit = 8,
    kinds = PASSING,
  }: { rate?: number; limit?: number; kinds?: readonly Fault[] } = {},
): FaultPlan {
  const next = seeded(seed);
  let left = limit;
  return () => {
    const strikes = next() < rate;
    const kind = kinds[Math.floor(next() * kinds.length)];
    if (!strikes || left === 0) return undefined;
    left -= 1;
    return kind;
  };
}
