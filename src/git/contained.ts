import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isWithin } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Files } from "../world/world.ts";
import { repositoryRoot } from "./repository-root.ts";

/** A file or folder that an input names. */
export interface NamedPath {
  /** As people write the input, e.g. `notes`. */
  readonly input: string;
  /** As it was given. */
  readonly path: string;
  /** Whether the commit named it, or the caller, who may name any path. */
  readonly byCommit: boolean;
}

/**
 * The absolute path that an input names, relative to the module's folder. What the commit names, and what lies in
 * the repository whoever names it, leads by no link and no `..` to other files of this machine, nor to git's own,
 * which may hold a token. Throws a `Problem`. What is not there is judged by who looks for it.
 */
export async function contained(
  { input, path, byCommit }: NamedPath,
  folder: string,
  files: Pick<Files, "lstat" | "real">,
): Promise<string> {
  const named = resolve(folder, path);
  const home = await files.real(folder);
  const root = (await repositoryRoot(folder, files)) ?? home;
  const asWritten = resolve(folder, relative(home, root));
  const inside = isWithin(named, asWritten) || isWithin(named, root);
  if (!inside && !byCommit) return named;
  const real = await realOf(named, files);
  const parts = relative(root, real).toLowerCase().split(sep);
  if (isWithin(real, root) && !parts.includes(".git")) return named;
  throw new Problem(
    "outside-repository",
    `${input}: ${path} points to ${real}, which is outside the repository`,
    {
      hint: byCommit
        ? "use a path inside the repository; a path outside it can only be given by a flag or an action or component input"
        : "give the target's path itself, if that is what you mean",
    },
  );
}

/** Where a path leads, as far as it is there. */
async function realOf(path: string, files: Pick<Files, "real">): Promise<string> {
  try {
    return await files.real(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    return join(await realOf(dirname(path), files), basename(path));
  }
}
