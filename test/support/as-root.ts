import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** What only the administrator may do; where this is somebody else, through sudo. Returns what it printed. */
export function asRoot(...words: readonly string[]): string {
  const [file = "", ...args] = [...(isRoot() ? [] : ["sudo", "-n"]), ...words];
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Nobody's number on any machine: neither this user nor the administrator. */
const MALLORY = "54321";

/** Gives a file or a folder with all that is in it to another user, until the test ends. */
export function giveAway(path: string): void {
  asRoot("chown", "-R", "--no-dereference", MALLORY, path);
  const back = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  onTestFinished(() => void asRoot("chown", "-R", "--no-dereference", back, path));
}
