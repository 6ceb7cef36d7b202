import { Problem } from "../../model/problem.ts";
import type { Clock } from "../../world/world.ts";
import { pauseAfter } from "../pauses.ts";

/** A failure that may be gone at the next try: no answer, an overloaded server, a rate limit. */
export class Fleeting extends Error {
  override readonly name = "Fleeting";
  /** Milliseconds that the server asks us to wait. */
  readonly wait: number | undefined;

  constructor(message: string, options: { readonly wait?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.wait = options.wait;
  }
}

/** Tries again what failed fleetingly, after ever longer and jittered pauses. */
export class Patience {
  readonly #clock: Clock;
  readonly #random: () => number;
  /** Until when a rate limit keeps everybody quiet; milliseconds since 1970. */
  #quietUntil = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Throws a `Problem` naming `what` when every try failed. `attempt` gets the number of its try, from 1. */
  async wait<T>(
    what: string,
    attempt: (nth: number) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (let nth = 1; ; nth++) {
      await this.#beQuiet(signal);
      try {
        return await attempt(nth);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Fleeting)) throw error;
        if (nth === TRIES) throw givenUp(what, error);
        await this.#pause(nth, error, signal);
      }
    }
  }

  async #beQuiet(signal: AbortSignal | undefined): Promise<void> {
    const left = this.#quietUntil - this.#clock.now();
    if (left > 0) await this.#clock.sleep(left + this.#random() * SPREAD, signal);
  }

  async #pause(nth: number, { wait }: Fleeting, signal: AbortSignal | undefined): Promise<void> {
    if (wait !== undefined) {
      this.#quietUntil = Math.max(this.#quietUntil, this.#clock.now() + wait);
      return;
    }
    await this.#clock.sleep(pauseAfter(nth, this.#random()), signal);
  }
}

const TRIES = 8;
/** Milliseconds. */
const SPREAD = 1000;

function givenUp(what: string, last: Fleeting): Problem {
  return new Problem("gitlab-unreachable", `${what} failed ${TRIES} times: ${last.message}`, {
    hint: "run the job again: what is there already is kept and nothing is visible yet",
    cause: last,
  });
}
