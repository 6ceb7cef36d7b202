import { readFile } from "node:fs/promises";
import { arch, availableParallelism, platform } from "node:os";
import type { Machine } from "../world.ts";
import { memory } from "./memory.ts";

/** Cores and memory as the kernel would let this process use them, cgroup v2 quota included. */
export async function machine(): Promise<Machine> {
  const user = process.geteuid?.();
  return {
    cores: Math.max(1, Math.min(availableParallelism(), await cpuQuota())),
    memory: (await memory()).free,
    platform: platform(),
    arch: arch(),
    ...(user === undefined ? {} : { user }),
  };
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
