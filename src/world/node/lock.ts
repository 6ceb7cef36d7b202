import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Files } from "../world.ts";

/** A file that names its holder: Node has no flock. Two runs that find a dead holder at once race to create it. */
export const lock: Files["lock"] = async (path) => {
  const mine = JSON.stringify({
    host: hostname(),
    pid: process.pid,
    started: await startOf(process.pid),
  });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, mine, { flag: "wx" });
      return async () => {
        await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (await heldByTheLiving(path)) return undefined;
    await rm(path, { force: true });
  }
  return undefined;
};

const heldByTheLiving = async (path: string): Promise<boolean> => {
  let holder: { host?: unknown; pid?: unknown; started?: unknown };
  try {
    holder = JSON.parse(await readFile(path, "utf8")) as typeof holder;
  } catch {
    return false;
  }
  if (holder.host !== hostname() || typeof holder.pid !== "number") return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return (await startOf(holder.pid)) === holder.started;
};

/** A process's start in clock ticks (proc(5), `stat`, field 22), so that a reused number is not mistaken for it. */
const startOf = async (pid: number): Promise<string> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
};
