import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Stream } from "../world.ts";
import { programPath } from "./program-path.ts";

/** In a process group of its own, so that an abort reaches the compilers that `go` started. */
export const stream: Stream = async ({ file, args, cwd, env, input }, { signal, onLine }) => {
  signal?.throwIfAborted();
  const child = spawn(await programPath(file, env), args, {
    cwd,
    env: { ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  // A program that ends without reading all of it says why itself.
  child.stdin.on("error", () => undefined).end(input);
  const abort = (): void => killGroup(child);
  signal?.addEventListener("abort", abort, { once: true });
  process.once("exit", abort);
  try {
    for (const from of ["stdout", "stderr"] as const) {
      createInterface({ input: child[from] }).on("line", (line) => onLine(line, from));
    }
    const exit = await ended(child);
    signal?.throwIfAborted();
    return exit;
  } finally {
    signal?.removeEventListener("abort", abort);
    process.removeListener("exit", abort);
  }
};

async function ended(
  child: ChildProcess,
): Promise<{ status: number | null; signal: string | null }> {
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status, signal }));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") {
    // By its path, for a program that is only named is looked for in the current folder first.
    const program = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
    spawn(program, ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended between the check and the kill.
  }
}
