import type { BuildResources } from "../go/build.ts";
import { formatBytes } from "../report/table.ts";
import type { Machine, MemoryGauge, MemoryState } from "../world/world.ts";
import type { Budget } from "./budget.ts";
import type { Journal } from "./journal.ts";

const MIB = 2 ** 20;
/** The share of the last ten seconds without any progress from which on memory is what is missing. */
const STALLED = 0.2;

/** Where builds run: how large it is, and how much of it is free. */
interface BuildWorld {
  readonly machine: Pick<Machine, "cores" | "memory">;
  readonly memory: MemoryGauge;
}

interface Running {
  readonly giveWay: AbortController;
}

/** What a build is told when its turn comes. */
export interface Turn {
  readonly share: Omit<BuildResources, "compilers">;
  /** Aborted when the run is, or when this build has to give way to another. */
  readonly signal: AbortSignal;
}

/** A build that was stopped for want of memory, before the kernel had to choose: it has to be made again. */
export const GAVE_WAY = Symbol("gave way");

/**
 * Lets builds begin while there is memory for them. While they run it looks how much is left, and stops the last
 * one before the kernel kills any: where it kills, it may choose the whole container.
 */
export class BuildTurns {
  readonly #budget: Budget;
  readonly #memory: MemoryGauge;
  readonly #journal: Pick<Journal, "tell">;
  #running: readonly Running[] = [];
  #waiting: readonly (() => void)[] = [];
  #door: Promise<unknown> = Promise.resolve();
  #atOnce = Infinity;
  /** Bytes that were free before anything ran. */
  readonly #atFirst: number;
  #watch: AbortController | undefined;

  constructor(budget: Budget, { machine, memory }: BuildWorld, journal: Pick<Journal, "tell">) {
    this.#budget = budget;
    this.#memory = memory;
    this.#journal = journal;
    this.#atFirst = machine.memory;
    if (!budget.shortOfMemory) return;
    journal.tell({
      type: "notice",
      message: `memory decides how many compilers run: ${formatBytes(machine.memory)} are free, enough for ${budget.cores} on ${machine.cores} cores; ${formatBytes(machine.cores * 2 ** 30)} are enough for all, and \`concurrency\` decides it otherwise`,
    });
  }

  /** Waits until there is memory for one build more, or none runs; then does the work. */
  async take<T>(
    { compilers, signal: outer }: { readonly compilers: number; readonly signal: AbortSignal },
    work: (turn: Turn) => Promise<T>,
  ): Promise<T | typeof GAVE_WAY> {
    const { own, free } = await this.#enter(outer);
    try {
      const signal = AbortSignal.any([outer, own.giveWay.signal]);
      return await work({ share: this.#share(free / compilers), signal });
    } catch (error) {
      if (outer.aborted || !own.giveWay.signal.aborted) throw error;
      return GAVE_WAY;
    } finally {
      this.#running = this.#running.filter((other) => other !== own);
      if (this.#running.length === 0) this.#watch?.abort();
      for (const wake of this.#waiting) wake();
    }
  }

  /** One after the other: the next has to see what this one takes. */
  async #enter(signal: AbortSignal): Promise<{ readonly own: Running; readonly free: number }> {
    const turn = this.#door.then(async () => {
      const free = await this.#admitted(signal);
      const own: Running = { giveWay: new AbortController() };
      this.#running = [...this.#running, own];
      this.#look();
      return { own, free };
    });
    this.#door = turn.catch(() => {});
    return await turn;
  }

  /** After a compiler was killed: from now on fewer builds run at once. */
  fewer(): void {
    const before = Math.min(this.#atOnce, this.#running.length + 1);
    if (before <= 1) return;
    this.#atOnce = before - 1;
  }

  /** The bytes that are free when there is room. */
  async #admitted(signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const { free } = await this.#memory.now();
      if (this.#running.length === 0) return free;
      if (this.#running.length < this.#atOnce) {
        if (free >= this.#least()) return free;
        this.#decide(free, this.#running.length, "only");
      }
      await this.#turnEnds(signal);
    }
  }

  async #turnEnds(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#waiting = this.#waiting.filter((other) => other !== wake);
        resolve();
      };
      signal.addEventListener("abort", wake, { once: true });
      this.#waiting = [...this.#waiting, wake];
    });
  }

  /** What one build more has to find: half of what it may fill before its garbage collector works. */
  #least(): number {
    return Math.min(this.#budget.memory / 2, 512 * MIB);
  }

  /** Alone, compilers may fill what there is; among others their share, or less where others took it. */
  #share(free: number): Turn["share"] {
    const alone = this.#atOnce === 1;
    const memory = alone
      ? Math.floor(free * 0.85)
      : Math.min(this.#budget.memory, Math.floor(free * 0.8));
    return {
      memory: Math.max(256 * MIB, memory),
      gc: alone || this.#atOnce === Infinity ? "off" : "100",
    };
  }

  #look(): void {
    if (this.#watch !== undefined && !this.#watch.signal.aborted) return;
    const watch = new AbortController();
    this.#watch = watch;
    void this.#memory.watch(watch.signal, (state) => this.#see(state));
  }

  #see({ free, stalled }: MemoryState): void {
    const last = this.#running.at(-1);
    const leaving = this.#running.some(({ giveWay }) => giveWay.signal.aborted);
    if (last === undefined || this.#running.length < 2 || leaving) return;
    // The average of ten seconds is slow to forget: it counts only while there is little.
    const reserve = stalled < STALLED ? this.#reserve() : 4 * this.#reserve();
    if (free >= reserve) return;
    this.#decide(free, this.#running.length - 1, "from now on");
    last.giveWay.abort();
  }

  /** Below this it is a matter of moments: a compiler may take as much between two looks. */
  #reserve(): number {
    return Math.min(256 * MIB, this.#atFirst * 0.06);
  }

  #decide(free: number, builds: number, when: string): void {
    if (builds >= this.#atOnce) return;
    this.#atOnce = builds;
    this.#journal.tell({
      type: "warning",
      message: `memory decides how many builds run: ${formatBytes(this.#atFirst)} were free at the start and ${formatBytes(free)} are now, so ${when} ${builds} at a time; more memory, or \`concurrency: ${builds}\`, avoids that a build begins twice`,
    });
  }
}
