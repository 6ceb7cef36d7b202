import { dirname, join, resolve } from "node:path";
import type { CommitComparison } from "../git/comparison.ts";
import { cgoInputs, HEADERS, LIBRARIES } from "../go/cgo-inputs.ts";
import { embedTakes } from "../go/embed.ts";
import type { GraphPackage } from "../go/package-graph.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import type { Files } from "../world/world.ts";

/** What a build of some packages reads, outside GOROOT and the module cache. */
export interface SourceInputs {
  readonly files: ReadonlySet<string>;
  /** The names in each folder of them that `go` would take for a source; another one changes what is built. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
}

export interface SourceInputsOptions {
  /** The repository's root, links resolved. */
  readonly root: string;
  readonly comparison: Pick<CommitComparison, "filesIn" | "filesBelow">;
  /** Whether `default.pgo` beside a program counts. */
  readonly profiled: boolean;
  /** The output folder, of which nothing is a source. */
  readonly output: string;
}

type FileTree = Pick<Files, "list" | "lstat" | "stat">;

/** `go help packages` and cmd/go/internal/load: what stands in a package's folder and is no test. */
const SOURCE =
  /(?<!_test)\.go$|\.(c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso)$/u;
const PROFILE = "default.pgo";

/** Everything that `go build` reads for the packages. */
export async function sourceInputs(
  packages: readonly GraphPackage[],
  scene: SourceInputsOptions,
  tree: FileTree,
): Promise<SourceInputs> {
  const files = new Set<string>();
  const folders = new Map<string, readonly string[]>();
  for (const one of packages) {
    for (const file of one.files) files.add(file);
    if (one.module !== undefined) files.add(one.module.goMod);
    for (const folder of foldersOf(one))
      if (!folders.has(folder)) folders.set(folder, await namesIn(folder, one, scene, tree));
    if (one.program && scene.profiled && folders.get(one.folder)?.includes(PROFILE) === true)
      files.add(join(one.folder, PROFILE));
    for (const file of await cgoFiles(one, scene.root, tree)) files.add(file);
  }
  return { files, folders };
}

/**
 * Files of the commit that `go` would have read, and that are not here: git does not show it where it was told to
 * overlook them (git-update-index(1), git-sparse-checkout(1)).
 */
export async function missingSources(
  packages: readonly GraphPackage[],
  folders: SourceInputs["folders"],
  { comparison }: Pick<SourceInputsOptions, "comparison">,
  tree: Pick<FileTree, "lstat">,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { folder, files, embeds } of packages) {
    const here = new Set(folders.get(folder)?.map((name) => join(folder, name)));
    const patterns = [...embeds];
    const embedded = (path: string): boolean =>
      patterns.some((pattern) => embedTakes(pattern, relativePath(folder, path)));
    const expected = [
      ...comparison.filesIn(folder).filter((path) => SOURCE.test(path)),
      ...(patterns.length === 0 ? [] : comparison.filesBelow(folder).filter(embedded)),
    ];
    for (const path of new Set(expected))
      if (!files.has(path) && !here.has(path) && (await tree.lstat(path)) === undefined)
        missing.push(path);
  }
  return missing;
}

/** A package's own folder, and those that something is embedded from. */
function foldersOf({ folder, files }: GraphPackage): ReadonlySet<string> {
  return new Set([folder, ...[...files].map((file) => dirname(file))]);
}

async function namesIn(
  folder: string,
  { folder: own, embeds }: GraphPackage,
  { output }: SourceInputsOptions,
  tree: FileTree,
): Promise<readonly string[]> {
  // An overlay may have files where no folder is.
  if ((await tree.stat(folder))?.kind !== "folder") return [];
  const inside = relativePath(own, folder);
  const entries = await tree.list(folder);
  return entries.flatMap(({ name }) => {
    const path = inside === "" ? name : `${inside}/${name}`;
    const counts =
      SOURCE.test(name) ||
      name === PROFILE ||
      [...embeds].some((pattern) => embedTakes(pattern, path));
    return counts && join(folder, name) !== output ? [name] : [];
  });
}

/** What `#cgo` lines name inside the repository; a system's own headers and libraries are nobody's sources. */
async function cgoFiles(
  { folder, cgoFlags }: GraphPackage,
  root: string,
  tree: FileTree,
): Promise<readonly string[]> {
  const { headers, libraries, files } = cgoInputs(cgoFlags);
  const inside = (path: string): boolean => isWithin(resolve(folder, path), root);
  const found = files.filter(inside).map((path) => resolve(folder, path));
  for (const path of headers.filter(inside))
    found.push(...(await filesBelow(resolve(folder, path), HEADERS, tree)));
  for (const path of libraries.filter(inside))
    found.push(...(await filesBelow(resolve(folder, path), LIBRARIES, tree)));
  return found;
}

async function filesBelow(
  folder: string,
  wanted: RegExp,
  tree: FileTree,
): Promise<readonly string[]> {
  if ((await tree.stat(folder))?.kind !== "folder") return [];
  const found: string[] = [];
  for (const { name, kind } of await tree.list(folder)) {
    const path = join(folder, name);
    if (kind === "folder" && name !== ".git") found.push(...(await filesBelow(path, wanted, tree)));
    else if (kind === "file" && wanted.test(name)) found.push(path);
  }
  return found;
}
