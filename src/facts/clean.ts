import { resolve } from "node:path";
import type { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { isWithin, relativePath } from "../model/paths.ts";
import { isOfAKilledRun } from "../output/remains.ts";
import type { World } from "../world/world.ts";
import { declaredBy } from "./declared.ts";

interface CleanOptions {
  /** The repository's root. */
  readonly root: string;
  /** The module's folder, links resolved. */
  readonly folder: string;
  readonly output: string;
  /** What `generated` declares. */
  readonly generated: readonly string[];
  /** Folders with what other jobs made; links resolved. */
  readonly foreign: readonly string[];
}

/** A repository without what does not make it dirty. */
export interface UndeclaredChanges {
  readonly git?: GitFacts;
  /** Changed or untracked paths that `generated` declares, relative to the root. */
  readonly modified: readonly string[];
}

/**
 * What `generated` declares may differ; what a killed run left without its mark, and what other jobs brought, is
 * nobody's change.
 */
export async function undeclaredChanges(
  git: Git,
  { root, folder, output, generated, foreign }: CleanOptions,
  files: World["files"],
): Promise<UndeclaredChanges> {
  const facts = await git.facts(generated.length > 0 ? "all" : "normal");
  if (facts === undefined) return { modified: [] };
  const isDeclared = declaredBy(generated);
  const dirty: string[] = [];
  const modified: string[] = [];
  const paths =
    foreign.length === 0 || facts.dirty.length === 0
      ? facts.dirty
      : await changesOutside(foreign, root, git);
  for (const path of paths) {
    const at = resolve(root, path);
    if (isDeclared(relativePath(folder, at))) modified.push(path);
    else if (!(await isOfAKilledRun(at, output, files))) dirty.push(path);
  }
  return { git: { ...facts, dirty }, modified };
}

async function changesOutside(
  foreign: readonly string[],
  root: string,
  git: Git,
): Promise<readonly string[]> {
  const brought = (path: string): boolean =>
    foreign.some((folder) => isWithin(resolve(root, path), folder));
  return (await git.changes())
    .filter(({ path, untracked }) => !(untracked && brought(path)))
    .map(({ path }) => path);
}
