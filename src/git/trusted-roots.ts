import { join } from "node:path";
import { isWithin } from "../model/paths.ts";
import type { Files } from "../world/world.ts";
import { repositoryRoot } from "./repository-root.ts";

/**
 * The roots that git may read here although another user owns them: the repository of the job that this is, which a
 * container sees as somebody else's, and what only the administrator could have made. Everywhere else git's own rule
 * holds: in a folder of another user, or below one, a `.git` of theirs would start their programs as this user.
 */
export async function trustedRoots(
  folder: string,
  project: string | undefined,
  files: Pick<Files, "lstat" | "real" | "stat">,
): Promise<readonly string[]> {
  const root = await repositoryRoot(folder, files);
  if (root === undefined) return [];
  if (project !== undefined && isWithin(root, await realOr(project, files))) return [root];
  const owners = [await files.lstat(root), await files.lstat(join(root, ".git"))];
  return owners.every((facts) => facts?.owner === ADMINISTRATOR) ? [root] : [];
}

const ADMINISTRATOR = 0;

/** A folder that is not there holds nothing. */
async function realOr(path: string, files: Pick<Files, "real" | "stat">): Promise<string> {
  return (await files.stat(path)) === undefined ? path : await files.real(path);
}
