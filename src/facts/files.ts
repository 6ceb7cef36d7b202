import { type Scope, selectFiles } from "../archives/files.ts";
import type { Config } from "../config/config.ts";
import type { Git } from "../git/git.ts";
import { relativePath } from "../model/paths.ts";
import type { World } from "../world/world.ts";
import type { Facts, FileFact } from "./facts.ts";

/** A `license.go` is a source file. */
const LICENSES = ["LICENSE*", "!*.go"];
const DEFAULT_FILES = [...LICENSES, "README*", "CHANGELOG*"];

/** What the `files` patterns select, as the commit has it: not every file system knows who may execute a file. */
export async function filesOf(
  config: Config,
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<Pick<Facts, "files">> {
  const selected = await selectedBy(config, scope, git, files);
  const tracked = await git.tracked(selected.map(({ source }) => source));
  return {
    files: selected.map((file) => ({
      ...file,
      executable: tracked.get(file.source)?.executable ?? file.executable,
    })),
  };
}

/** What nobody named must have been committed to be packed: an ignored file is on this machine alone. */
async function selectedBy(
  { given, settings }: Config,
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<readonly FileFact[]> {
  if (given.has("files")) return await selectFiles(settings.files, true, scope, files);
  const own = await selectFiles(DEFAULT_FILES, false, scope, files);
  const found = own.some(isLicense) ? own : [...own, ...(await licensesAbove(scope, files))];
  const ignored = await git.ignored(found.map(({ source }) => source));
  return found.filter(({ source }) => !ignored.has(source)).filter(firstOfName);
}

function isLicense({ name }: FileFact): boolean {
  return /^license/iu.test(name);
}

/**
 * A module in a folder is under the repository's license when it has none of its own, as in Go's module zips
 * (go.dev/ref/mod, "Module zip files").
 */
async function licensesAbove(scope: Scope, files: World["files"]): Promise<readonly FileFact[]> {
  const [folder, root] = await Promise.all([files.real(scope.folder), files.real(scope.root)]);
  if (folder === root) return [];
  const found = await selectFiles(LICENSES, false, { ...scope, folder: root }, files);
  const way = relativePath(folder, root);
  return found.map((file) => ({ ...file, source: `${way}/${file.source}` }));
}

/** Of `README.md` and `readme.md` only one fits where letter case does not count; nobody asked for both. */
function firstOfName({ name }: FileFact, at: number, all: readonly FileFact[]): boolean {
  return all.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === at;
}
