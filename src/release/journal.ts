import { defined } from "../model/defined.ts";
import type { Event } from "../model/event.ts";
import type { Timing } from "../model/manifest.ts";
import { Problem } from "../model/problem.ts";
import type { Step } from "../model/step.ts";
import { systemProblem } from "../world/errors.ts";
import type { Clock } from "../world/world.ts";

/** Tells what happens as it happens, and remembers how long each step took. */
export class Journal {
  readonly tell: (event: Event) => void;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly #clock: Clock;
  readonly #timings: Timing[] = [];

  constructor(tell: (event: Event) => void, clock: Clock) {
    this.tell = tell;
    this.#clock = clock;
    this.start = clock.now();
  }

  get timings(): readonly Timing[] {
    return this.#timings;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Runs one step between its `started` and `ended`; a problem learns where it happened. */
  async step<T>(
    step: Step,
    work: (say: (line: string) => void) => Promise<T>,
    detail?: (result: T) => string | undefined,
  ): Promise<T> {
    const at = this.#clock.now();
    this.tell({ type: "started", step, at });
    try {
      const result = await work((line) => this.tell({ type: "output", step, line }));
      this.#end(step, at, defined({ detail: detail?.(result) }));
      return result;
    } catch (error) {
      const known = systemProblem(error) ?? error;
      const placed = known instanceof Problem ? known.in(step) : known;
      this.#end(step, at, { error: placed });
      throw placed;
    }
  }

  #end(
    step: Step,
    start: number,
    more: { readonly detail?: string; readonly error?: unknown },
  ): void {
    const at = this.#clock.now();
    this.#timings.push({
      step,
      start: start - this.start,
      duration: at - start,
    });
    this.tell({ type: "ended", step, at, ...more });
  }
}
