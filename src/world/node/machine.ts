import { readFile } from "node:fs/promises";
import { arch, availableParallelism, freemem, platform } from "node:os";
import type { Machine } from "../world.ts";

/** Cores and memory as the kernel would let this process use them, cgroup v2 quota included. */
export async function machine(): Promise<Machine> {
  const user = process.geteuid?.();
  return {
    cores: Math.max(1, Math.min(availableParallelism(), await cpuQuota())),
    memory: availableMemory(),
    platform: platform(),
    arch: arch(),
    ...(user === undefined ? {} : { user }),
  };
}

/** `process.availableMemory` knows cgroups and came with Node 20.13. */
function availableMemory(): number {
  return typeof process.availableMemory === "function" ? process.availableMemory() : freemem();
}

/** `cpu.max` holds `QUOTA PERIOD` in microseconds, or `max PERIOD` (Linux, cgroup-v2.rst). */
async function cpuQuota(): Promise<number> {
  try {
    const [quota, period] = (await readFile("/sys/fs/cgroup/cpu.max", "utf8")).trim().split(" ");
    const cores = Number(quota) / Number(period);
    return Number.isFinite(cores) && cores > 0 ? Math.ceil(cores) : Infinity;
  } catch {
    return Infinity;
  }
}
