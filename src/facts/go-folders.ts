import { dirname, join } from "node:path";
import { isWithin } from "../model/paths.ts";
import type { World } from "../world/world.ts";

type Senses = Pick<World["files"], "stat" | "lstat" | "real" | "write" | "makeFolder">;

/** What makes git pass a folder over, and itself with it. */
const IGNORE_ALL = "# Filled by go, never committed.\n*\n";

/**
 * Caches of Go's inside the work tree, the only place that some CI systems keep, are none of its files: without this
 * both `git status` and the commit that Go stamps would call the tree modified. Only folders that Go fills by itself
 * are marked, and what was committed in them stays committed. `make`: those too that do not exist yet.
 */
export async function passOverGoFolders(
  folders: readonly string[],
  root: string,
  files: Senses,
  { make }: { readonly make: boolean },
): Promise<void> {
  const real = await realPath(root, files);
  for (const folder of folders) {
    const place = await realPath(folder, files);
    if (place === real || !isWithin(place, real)) continue;
    try {
      if (make) await files.makeFolder(place);
      if ((await files.stat(place))?.kind !== "folder") continue;
      const mark = join(place, ".gitignore");
      if ((await files.lstat(mark)) === undefined) await files.write(mark, IGNORE_ALL);
    } catch {
      // A folder that cannot be written is told of where Go has to write it.
    }
  }
}

/** With every link resolved, of what does not exist yet those of the way to it. */
async function realPath(path: string, files: Senses): Promise<string> {
  try {
    return await files.real(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent, files), path.slice(parent.length));
  }
}
