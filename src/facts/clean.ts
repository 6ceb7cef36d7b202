import { resolve } from "node:path";
import type { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { relativePath } from "../model/paths.ts";
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
}

/** A repository without what does not make it dirty. */
export interface UndeclaredChanges {
  readonly git?: GitFacts;
  /** Changed or untracked paths that `generated` declares, relative to the root. */
  readonly modified: readonly string[];
}

/** What `generated` declares may differ, and what a killed run left without its mark is nobody's change. */
export async function undeclaredChanges(
  git: Git,
  { root, folder, output, generated }: CleanOptions,
  files: World["files"],
): Promise<UndeclaredChanges> {
  const facts = await git.facts(generated.length > 0 ? "all" : "normal");
  if (facts === undefined) return { modified: [] };
  const isDeclared = declaredBy(generated);
  const dirty: string[] = [];
  const modified: string[] = [];
  for (const path of facts.dirty) {
    const at = resolve(root, path);
    if (isDeclared(relativePath(folder, at))) modified.push(path);
    else if (!(await isOfAKilledRun(at, output, files))) dirty.push(path);
  }
  return { git: { ...facts, dirty }, modified };
}
