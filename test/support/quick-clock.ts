import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../src/world/world.ts";

/** Real time, a hundred times as fast: for runs that race each other. */
export class QuickClock implements Clock {
  readonly #speed = 100;
  readonly #start = Date.now();

  now(): number {
    return this.#start + (Date.now() - this.#start) * this.#speed;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await wait(milliseconds / this.#speed, undefined, signal === undefined ? {} : { signal });
  }
}
