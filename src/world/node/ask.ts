import type { Ask } from "../world.ts";

/** `@actions/exec`, silent: it captures both streams and looks the program up on PATH. */
export const ask: Ask = async ({ file, args, cwd, env }) => {
  const { getExecOutput } = await import("@actions/exec");
  const { exitCode, stdout, stderr } = await getExecOutput(`"${file}"`, [...args], {
    cwd,
    env: { ...env },
    silent: true,
    ignoreReturnCode: true,
  });
  return { status: exitCode, stdout, stderr };
};
