import type { Machine } from "../world/world.ts";

const GIB = 2 ** 30;

/** What a piece of work wants of the machine. Uploads wait for the network and take no core. */
export type Demand = { readonly cores: number } | { readonly uploads: 1 };

interface Waiting {
  readonly demand: Demand;
  readonly urgent: boolean;
  readonly start: () => void;
}

/** One budget for compilers, compressors and uploads together: work waits until what it wants is free. */
export class Budget {
  /** Compilers and compressors at a time. */
  readonly cores: number;
  /** Bytes that each of them may fill before its garbage collector has to work. */
  readonly memory: number;
  /** Whether it is for memory alone that some cores are left idle. */
  readonly shortOfMemory: boolean;
  #freeCores: number;
  #freeUploads: number;
  #waiting: readonly Waiting[] = [];

  /** `limit` lowers or raises the cores; memory always counts: a compiler may need a GiB. */
  constructor(machine: Pick<Machine, "cores" | "memory">, limit?: number, uploads = 4) {
    const byMemory = Math.max(1, Math.floor(machine.memory / GIB));
    this.cores = limit ?? Math.min(machine.cores, byMemory);
    this.shortOfMemory = limit === undefined && this.cores < machine.cores;
    this.memory = Math.max(GIB / 2, Math.floor((machine.memory * 0.8) / this.cores));
    this.#freeCores = this.cores;
    this.#freeUploads = Math.min(uploads, limit ?? uploads);
  }

  /** Builds in flight, so that one's serial tail (the linker) is hidden by another's packages. */
  buildsOf(steps: number): { readonly builds: number; readonly compilers: number } {
    const builds = Math.max(
      1,
      Math.min(steps, Math.max(Math.min(2, this.cores), Math.ceil(this.cores / 2))),
    );
    return { builds, compilers: Math.max(1, Math.floor(this.cores / builds)) };
  }

  /** Runs `work` when its demand is free. Urgent work (packing, uploading) goes before compilers. */
  async use<T>(
    demand: Demand,
    urgent: boolean,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    await this.#enter(this.#within(demand), urgent, signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#give(this.#within(demand), 1);
      this.#wake();
    }
  }

  /** A demand for more than there is gets all there is. */
  #within(demand: Demand): Demand {
    return "cores" in demand ? { cores: Math.min(demand.cores, this.cores) } : demand;
  }

  async #enter(demand: Demand, urgent: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        demand,
        urgent,
        start: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.#wake();
    });
  }

  /** First urgent work, then the rest, each in the order it came; who does not fit holds back who came after. */
  #wake(): void {
    const order = [...this.#waiting].sort((a, b) => Number(b.urgent) - Number(a.urgent));
    let blocked = false;
    for (const waiting of order) {
      const upload = "uploads" in waiting.demand;
      if ((!upload && blocked) || !this.#fits(waiting.demand)) {
        blocked ||= !upload;
        continue;
      }
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      this.#give(waiting.demand, -1);
      waiting.start();
    }
  }

  #fits(demand: Demand): boolean {
    return "cores" in demand ? demand.cores <= this.#freeCores : this.#freeUploads >= 1;
  }

  #give(demand: Demand, sign: 1 | -1): void {
    if ("cores" in demand) this.#freeCores += sign * demand.cores;
    else this.#freeUploads += sign;
  }
}
