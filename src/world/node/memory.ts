import { readFile } from "node:fs/promises";
import { freemem, platform } from "node:os";
import { dirname, join } from "node:path";
import type { MemoryGauge, MemoryState } from "../world.ts";
import { capture } from "./capture.ts";
import { clock } from "./clock.ts";

/** Milliseconds between two looks; a compiler takes some 100 MB a second. */
const LOOK = 250;

export const memoryGauge: MemoryGauge = {
  now: memory,
  async watch(signal, tell) {
    while (!signal.aborted) {
      await clock.sleep(LOOK, signal).catch(() => {});
      if (!signal.aborted) tell(await memory());
    }
  },
};

/** What is free now, as the kernel counts before it kills: the least of machine and each cgroup above this process. */
export async function memory(): Promise<MemoryState> {
  switch (platform()) {
    case "linux":
      return await linuxMemory("/", freemem());
    case "darwin":
      return { free: await darwinMemory(), stalled: 0 };
    default:
      return { free: freemem(), stalled: 0 };
  }
}

/** `root` is where `/proc` and `/sys` are; `free` what the machine has (MemAvailable). */
export async function linuxMemory(root: string, free: number): Promise<MemoryState> {
  const cgroups = cgroupsOf((await text(join(root, "proc/self/cgroup"))) ?? "");
  const mounted = join(root, "sys/fs/cgroup");
  const limits = await Promise.all([
    ...foldersUpFrom(cgroups.unified).map((at) => freeInUnified(join(mounted, at))),
    ...foldersUpFrom(cgroups.memory).map((at) => freeInFirst(join(mounted, "memory", at))),
  ]);
  const pressure = await text(join(mounted, cgroups.unified ?? "", "memory.pressure"));
  return { free: Math.max(0, Math.min(free, ...limits)), stalled: stalledOf(pressure ?? "") };
}

/** Lines are `ID:CONTROLLERS:PATH`; v2 has the number 0 and no controllers (cgroups(7)). */
function cgroupsOf(lines: string): { readonly unified?: string; readonly memory?: string } {
  const found: { unified?: string; memory?: string } = {};
  for (const line of lines.split("\n")) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/u.exec(line) ?? [];
    if (id === "0" && controllers === "") found.unified = path ?? "/";
    if (controllers?.split(",").includes("memory")) found.memory = path ?? "/";
  }
  return found;
}

/** In a container the path may be the host's, and the root is what there is: what is missing limits nothing. */
function foldersUpFrom(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  const folders = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}

/** Without files that were only read or written: the kernel drops those before it kills (cgroup-v2.rst). */
async function freeInUnified(folder: string): Promise<number> {
  const [limit, used, stat] = await texts(folder, ["memory.max", "memory.current", "memory.stat"]);
  return left(limit, used, stat, ["active_file", "inactive_file"]);
}

/** The same of cgroup v1 (memory.rst); without a limit it says a number larger than any machine. */
async function freeInFirst(folder: string): Promise<number> {
  const names = ["memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"];
  const [limit, used, stat] = await texts(folder, names);
  return left(limit, used, stat, ["total_active_file", "total_inactive_file"]);
}

function left(
  limit: string | undefined,
  used: string | undefined,
  stat: string | undefined,
  cached: readonly string[],
): number {
  const free = Number(limit?.trim() ?? "max") - Number(used?.trim() ?? "none");
  if (!Number.isFinite(free)) return Infinity;
  const cache = (stat ?? "").split("\n").flatMap((line) => {
    const [name = "", bytes] = line.split(" ");
    return cached.includes(name) ? [Number(bytes)] : [];
  });
  return cache.reduce((sum, bytes) => sum + bytes, free);
}

/** The share of the last ten seconds in which nothing ran for want of memory (psi.rst). */
function stalledOf(pressure: string): number {
  return Number(/^full avg10=([\d.]+)/mu.exec(pressure)?.[1] ?? 0) / 100;
}

/** `os.freemem` leaves out what macOS gives back at once; vm_stat(1) counts it in pages. */
async function darwinMemory(): Promise<number> {
  const asked = { file: "/usr/bin/vm_stat", args: [], cwd: "/", env: {} };
  const found = await capture(asked).catch(() => undefined);
  return found?.status === 0 ? Math.max(freemem(), reclaimable(found.stdout)) : freemem();
}

/** Bytes that vm_stat(1) counts as free or inactive. */
export function reclaimable(stat: string): number {
  const page = Number(/page size of (\d+) bytes/u.exec(stat)?.[1] ?? 0);
  const pages = [...stat.matchAll(/^Pages (?:free|inactive|speculative): +(\d+)\./gmu)];
  return pages.reduce((sum, [, count]) => sum + Number(count), 0) * page;
}

async function texts(
  folder: string,
  names: readonly string[],
): Promise<readonly (string | undefined)[]> {
  return await Promise.all(names.map((name) => text(join(folder, name))));
}

async function text(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}
