import type { World } from "../world/world.ts";
import { Passing } from "./server.ts";

/** What waiting takes of the world. */
export type Pace = Pick<World, "clock" | "random">;

/** How often and how long something is tried. */
export interface RetryPolicy {
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one, up to half a minute. */
  readonly first: number;
  /** Milliseconds that the server may ask for, all tries together. */
  readonly patience: number;
  /** Milliseconds for a server that is asked too often and does not say for how long; doubled each time. */
  readonly unsaid?: number;
  /** Milliseconds after which no more tries are made. */
  readonly within?: number;
}

/** For a forge in the middle of a release, which is worth a wait. */
export const PATIENT: RetryPolicy = { tries: 7, first: 1000, patience: 600_000, unsaid: 60_000 };
/** For what is easily asked again by whoever waits for it. */
export const BRISK: RetryPolicy = { tries: 4, first: 500, patience: 120_000 };

/** Tries until a try succeeds or fails for good; `attempt` gets the number of its try, from 1. */
export type Retry = <T>(attempt: (nth: number) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Tries again what failed with `Passing`, after ever longer and jittered pauses. Everybody who tries through the
 * same `Retry` keeps quiet while the server wants to be left alone. Throws a `Problem` when every try failed.
 */
export function retry(policy: RetryPolicy, { clock, random }: Pace): Retry {
  let quietUntil = 0;
  return async (attempt, signal) => {
    const patience = new Patience(policy, clock.now());
    for (let nth = 1; ; nth += 1) {
      const left = quietUntil - clock.now();
      if (left > 0) await clock.sleep(left + fraction(random) * SPREAD, signal);
      const begun = clock.now();
      try {
        return await attempt(nth);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Passing)) throw error;
        const usual = pauseOf(policy.first, nth, fraction(random));
        const { pause, asked } = patience.after(error, { nth, begun, now: clock.now(), usual });
        if (asked) quietUntil = Math.max(quietUntil, clock.now() + pause);
        else await clock.sleep(pause, signal);
      }
    }
  };
}

/** Looks that are repeated until what was done is seen, for lists lag behind. */
export interface Looking<T> {
  readonly look: () => Promise<T>;
  readonly until: (seen: T) => boolean;
  /** What is thrown when it never is; the last look is given back when absent. */
  readonly otherwise?: (last: T) => Error;
  readonly looks: number;
}

export async function eventually<T>(
  { look, until, otherwise, looks }: Looking<T>,
  { clock, random }: Pace,
  signal?: AbortSignal,
): Promise<T> {
  for (let nth = 1; ; nth += 1) {
    const seen = await look();
    if (until(seen)) return seen;
    if (nth >= looks) {
      if (otherwise === undefined) return seen;
      throw otherwise(seen);
    }
    await clock.sleep(pauseOf(FIRST_LOOK, nth, fraction(random)), signal);
  }
}

/** Gives others some milliseconds for what they are about to do. */
export async function yieldFor(
  milliseconds: number,
  { clock }: Pick<Pace, "clock">,
  signal?: AbortSignal,
): Promise<void> {
  await clock.sleep(milliseconds, signal);
}

/** Keeps at most `most` pieces of work beginning within each minute. */
export function pacer(most: number, { clock }: Pick<Pace, "clock">) {
  let begun: readonly number[] = [];
  return async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      const now = clock.now();
      begun = begun.filter((at) => at > now - MINUTE);
      const [oldest] = begun;
      if (begun.length < most || oldest === undefined) break;
      await clock.sleep(oldest + MINUTE - now, signal);
    }
    begun = [...begun, clock.now()];
  };
}

/** Milliseconds. */
const SPREAD = 1000;
const LONGEST = 30_000;
const FIRST_LOOK = 1000;
const MINUTE = 60_000;

/** One try that failed. Times in milliseconds, `usual` the pause that is made when nothing else is asked for. */
interface FailedTry {
  readonly nth: number;
  readonly begun: number;
  readonly now: number;
  readonly usual: number;
}

/** What is left of a policy for one piece of work. */
class Patience {
  readonly #policy: RetryPolicy;
  readonly #start: number;
  /** When that began which is not waited for long. */
  #briefSince: number | undefined;
  #failures = 0;
  #asked = 0;
  #unsaid = 0;

  constructor(policy: RetryPolicy, start: number) {
    this.#policy = policy;
    this.#start = start;
  }

  /** Milliseconds before the next try, and whether the server asked for them. Throws when there is no next one. */
  after(passing: Passing, { nth, begun, now, usual }: FailedTry) {
    const { tries, patience, within = Number.POSITIVE_INFINITY } = this.#policy;
    const { limited = false, within: brief = Number.POSITIVE_INFINITY } = passing.options;
    const wait = passing.options.wait ?? (limited ? this.#unsaidWait() : undefined);
    const asked = wait !== undefined;
    const pause = asked ? Math.max(usual, wait) : Math.min(usual, brief / 4);
    this.#failures += asked && limited ? 0 : 1;
    this.#asked += asked ? pause : 0;
    this.#briefSince = brief === Number.POSITIVE_INFINITY ? undefined : (this.#briefSince ?? begun);
    const next = now + pause;
    const late = next - this.#start >= within || next - (this.#briefSince ?? next) >= brief;
    if (this.#failures >= tries || late) throw passing.inVain(nth);
    if (this.#asked > patience) throw passing.tooLong(patience);
    return { pause, asked };
  }

  #unsaidWait(): number | undefined {
    const { unsaid } = this.#policy;
    if (unsaid === undefined) return undefined;
    this.#unsaid += 1;
    return unsaid * 2 ** (this.#unsaid - 1);
  }
}

/** Doubles with each failure; `spread`, from 0 to 1, moves it by a quarter each way, so that not all come back at once. */
function pauseOf(first: number, nth: number, spread: number): number {
  return Math.min(first * 2 ** (nth - 1), LONGEST) * (0.75 + spread / 2);
}

/** Between 0 and 1. */
function fraction(random: World["random"]): number {
  return Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
}
