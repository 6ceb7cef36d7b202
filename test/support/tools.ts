import { spawnSync } from "node:child_process";
import { describe } from "vitest";

const isThere = (program: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Tests with programs that `npm run tools` installs: without them they are left out, but in CI they fail. */
export const describeWith = (...programs: readonly string[]) =>
  describe.skipIf(!programs.every(isThere) && process.env["CI"] === undefined);
