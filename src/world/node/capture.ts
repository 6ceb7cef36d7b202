import type { Capture } from "../world.ts";
import { programPath } from "./program-path.ts";

/** `@actions/exec`, silent: it captures both streams. */
export const capture: Capture = async ({ file, args, cwd, env }) => {
  const { getExecOutput } = await import("@actions/exec");
  const program = await programPath(file, env);
  // One word for `@actions/exec`, which splits what it is given as a line.
  const word = `"${program.replaceAll('"', '\\"')}"`;
  const { exitCode, stdout, stderr } = await getExecOutput(word, [...args], {
    cwd,
    env: { ...env },
    silent: true,
    ignoreReturnCode: true,
  });
  return { status: exitCode, stdout, stderr };
};
