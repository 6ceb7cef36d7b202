import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, resolve } from "node:path";
import type { Capture, Command } from "../world.ts";

/** `@actions/exec`, silent: it captures both streams. */
export const capture: Capture = async ({ file, args, cwd, env }) => {
  const { getExecOutput } = await import("@actions/exec");
  const program = isAbsolute(file) ? file : await onPath(file, env);
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

/**
 * Where a program lies. `@actions/exec` would look itself and tell on standard output of every folder of PATH that
 * this user may not read, in the midst of what other programs read there.
 */
async function onPath(name: string, { PATH = "", PATHEXT }: Command["env"]): Promise<string> {
  const extensions =
    process.platform === "win32" ? (PATHEXT ?? ".COM;.EXE;.BAT;.CMD").split(";") : [""];
  for (const folder of PATH.split(delimiter).filter((part) => part !== "")) {
    for (const extension of extensions) {
      const path = resolve(folder, name + extension);
      if (await isProgram(path)) return path;
    }
  }
  throw new Error(`there is no ${name} on PATH`);
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
