import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, resolve } from "node:path";
import type { Command } from "../world.ts";

/**
 * Where a program lies, by the environment that it is to have. Windows would look in the current folder first, which
 * may be anybody's checkout; `@actions/exec` would tell on standard output of every folder of PATH that this user may
 * not read, in the midst of what other programs read there.
 */
export async function programPath(
  name: string,
  { PATH = "", PATHEXT }: Command["env"],
): Promise<string> {
  if (isAbsolute(name)) return name;
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
