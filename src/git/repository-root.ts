import { dirname, join } from "node:path";
import type { Files } from "../world/world.ts";

/** The folder whose `.git` git would find from here, links resolved; undefined without one. Starts nothing. */
export async function repositoryRoot(
  folder: string,
  files: Pick<Files, "lstat" | "real">,
): Promise<string | undefined> {
  for (let at = await files.real(folder); ; at = dirname(at)) {
    if ((await files.lstat(join(at, ".git"))) !== undefined) return at;
    if (dirname(at) === at) return undefined;
  }
}
