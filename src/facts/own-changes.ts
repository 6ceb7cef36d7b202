import { resolve } from "node:path";
import type { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { isWithin } from "../model/paths.ts";
import { isBarelyBegun } from "../output/output-folder.ts";
import type { Files } from "../world/world.ts";

/** What lies in the checkout and is none of it; absolute. */
interface CheckoutGuests {
  readonly root: string;
  readonly output: string;
  /** Folders with what other jobs made. */
  readonly foreign: readonly string[];
}

/** The same facts, with those changes of the work tree alone that this program or other jobs did not bring. */
export async function ownChanges(
  facts: GitFacts | undefined,
  { root, output, foreign }: CheckoutGuests,
  git: Git,
  files: Files,
): Promise<GitFacts | undefined> {
  if (facts === undefined || facts.dirty.length === 0) return facts;
  const all = foreign.length === 0 ? facts.dirty : await changesOutside(foreign, root, git);
  // A run that was killed before its mark stood in the output folder did not make the work tree dirty.
  const barely = await isBarelyBegun(output, files);
  const remains = (path: string): boolean => barely && isWithin(resolve(root, path), output);
  return { ...facts, dirty: all.filter((path) => !remains(path)) };
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
