import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Files } from "../world.ts";

/**
 * A folder of claims, for Node has no flock. Whoever wants the lock first lays down a claim and then looks: it
 * holds the lock only when no other claim of a living process is there, so of two the later one always sees the
 * earlier. A claim's name says whose it is; the dead one's is removed by whoever finds it, which can never
 * remove a living one's.
 */
export const lock: Files["lock"] = async (path) => {
  const mine = await claim(path);
  const release = async (): Promise<void> => {
    await rm(join(path, mine), { force: true });
    await rmdir(path).catch(() => {});
  };
  const held = await alone(path, mine);
  if (!held) await release();
  return held ? release : undefined;
};

/** Lays down this process's claim; the folder may go at any moment with the last holder of it. */
async function claim(folder: string): Promise<string> {
  const random = randomBytes(4).toString("hex");
  const name = [host(), process.pid, await startOf(process.pid), random].join("-");
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), "", { flag: "wx" });
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 100) throw error;
    }
  }
}

const PATIENCE = 1000;

/** Of several that came at once the first by name waits for the others to leave, so that one of them wins. */
async function alone(folder: string, mine: string): Promise<boolean> {
  for (const end = Date.now() + PATIENCE; ; await sleep(20)) {
    const others = await livingClaims(folder, mine);
    if (others.length === 0) return true;
    if (others.some((other) => other < mine) || Date.now() > end) return false;
  }
}

async function livingClaims(folder: string, mine: string): Promise<readonly string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    if (name === mine) continue;
    if (await isLiving(name)) living.push(name);
    else await rm(join(folder, name), { recursive: true, force: true });
  }
  return living;
}

/** The claim of another machine, as of a container that is gone, counts for nothing: its process cannot be asked. */
async function isLiving(name: string): Promise<boolean> {
  const [machine, pid, started] = name.split("-");
  if (machine !== host() || !/^[1-9]\d*$/u.test(pid ?? "")) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return (await startOf(Number(pid))) === started;
}

function host(): string {
  return Buffer.from(hostname()).toString("hex");
}

/**
 * A process's start in clock ticks (proc(5), `stat`, field 22), so that a reused number is not mistaken for it.
 * One that is dead and not yet waited for (field 3) has none.
 */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "dead" : (rest[18] ?? "");
  } catch {
    return "";
  }
}
