import type { Clock } from "../../src/world/world.ts";

/** Sleeping costs nothing and moves the time on; shared by a client and the fake it talks to. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(start: string = "2026-03-01T12:00:00Z") {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise((later) => setImmediate(later));
    signal?.throwIfAborted();
    this.#now += milliseconds;
  }
}
