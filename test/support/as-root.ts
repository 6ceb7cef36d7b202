import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";

/** What only the administrator may do; where this is somebody else, through sudo. */
export function asRoot(...words: readonly string[]): void {
  const [file = "", ...args] = [...(process.getuid?.() === 0 ? [] : ["sudo", "-n"]), ...words];
  execFileSync(file, args, { stdio: ["ignore", "ignore", "inherit"] });
}

/** Nobody's number on any machine: neither this user nor the administrator. */
const MALLORY = "54321";

/** Gives a file or a folder with all that is in it to another user, until the test ends. */
export function giveAway(path: string): void {
  asRoot("chown", "-R", "--no-dereference", MALLORY, path);
  const back = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  onTestFinished(() => asRoot("chown", "-R", "--no-dereference", back, path));
}
