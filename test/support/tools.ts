import { spawnSync } from "node:child_process";
import { describe } from "vitest";

function isThere(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Tests with programs that `npm run tools` installs: without them they are left out, but in CI they fail. */
export function describeWith(...programs: readonly string[]) {
  return describe.skipIf(!programs.every(isThere) && process.env["CI"] === undefined);
}
