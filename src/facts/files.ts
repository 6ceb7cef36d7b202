import { posix } from "node:path";
import picomatch from "picomatch";
import { type ExtraFile, type Scope, selectFiles } from "../archives/files.ts";
import type { ArchiveConfig, Config } from "../config/config.ts";
import type { Git } from "../git/git.ts";
import { defined } from "../model/defined.ts";
import { relativePath } from "../model/paths.ts";
import type { World } from "../world/world.ts";
import type { Facts, FileFact } from "./facts.ts";

/** A `license.go` is a source file. */
const LICENSES = ["LICENSE*", "!*.go"];
const DEFAULT_FILES = [...LICENSES, "README*", "CHANGELOG*"];

/** What the `files` patterns select, as the commit has it: not every file system knows who may execute a file. */
export async function filesOf(
  { archives }: Config,
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<Pick<Facts, "files">> {
  const selected: (readonly FileFact[])[] = [];
  for (const archive of archives) selected.push(await selectedBy(archive, scope, git, files));
  const sources = [...new Set(selected.flat().map(({ source }) => source))];
  const tracked = await git.tracked(sources);
  return {
    files: selected.map((row) =>
      row.map((file) => ({
        ...file,
        executable: tracked.get(file.source)?.executable ?? file.executable,
      })),
    ),
  };
}

/** What each row of `extra-files` selects. */
export async function extraFilesOf(
  { settings }: Pick<Config, "settings">,
  scope: Scope,
  files: World["files"],
): Promise<Facts["extraFiles"]> {
  const found: (readonly string[])[] = [];
  for (const { from } of settings.extraFiles)
    found.push((await selectFiles([from], true, scope, files)).map(({ source }) => source));
  return found;
}

type FileRow = NonNullable<ArchiveConfig["files"]>[number];

/** What nobody named must have been committed to be packed: an ignored file is on this machine alone. */
async function selectedBy(
  { files: rows }: ArchiveConfig,
  scope: Scope,
  git: Git,
  files: World["files"],
): Promise<readonly FileFact[]> {
  if (rows !== undefined) return await filesOfRows(rows, scope, files);
  const own = await selectFiles(DEFAULT_FILES, false, scope, files);
  const found = own.some(isLicense) ? own : [...own, ...(await licensesAbove(scope, files))];
  const ignored = await git.ignored(found.map(({ source }) => source));
  return found.filter(({ source }) => !ignored.has(source)).filter(firstOfName);
}

/** Plain patterns are one choice together, for `!` takes away from all of them; a row with more keys is its own. */
export async function filesOfRows(
  rows: readonly FileRow[],
  scope: Scope,
  files: World["files"],
): Promise<readonly FileFact[]> {
  const plain = rows.filter(isPlain).map(({ from }) => from);
  const excluded = plain.filter((from) => from.startsWith("!"));
  const found: FileFact[] = [];
  if (plain.length > excluded.length) found.push(...(await selectFiles(plain, true, scope, files)));
  for (const row of rows.filter((one) => !isPlain(one))) {
    const selected = await selectFiles([row.from, ...excluded], true, scope, files);
    found.push(...selected.map((file) => placed(file, row)));
  }
  return found;
}

function isPlain({ to, strip, mode, os }: FileRow): boolean {
  return to === undefined && !strip && mode === undefined && os.length === 0;
}

function placed(file: ExtraFile, { from, to, strip, mode, os }: FileRow): FileFact {
  const glob = picomatch.scan(from);
  const exact = to !== undefined && !to.endsWith("/") && !glob.isGlob;
  const below = to === undefined ? file.source : posix.relative(baseOf(glob), file.source);
  const name = strip || !glob.isGlob ? posix.basename(file.source) : below;
  const kept = to === undefined && !strip ? file.source : name;
  return {
    ...file,
    name: kept,
    ...defined({ to, mode }),
    ...(exact ? { exact } : {}),
    ...(os.length === 0 ? {} : { os }),
  };
}

/** What of a glob is a plain folder. */
function baseOf({ base, isGlob }: { readonly base: string; readonly isGlob: boolean }): string {
  return isGlob ? base : posix.dirname(base);
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
