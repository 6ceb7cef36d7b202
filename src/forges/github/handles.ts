import type { CommitRange } from "../forge.ts";
import type { ReleaseDesk } from "./desk.ts";

/** Pages of a hundred commits: more than notes list. */
const MOST_PAGES = 15;

/** Who GitHub takes for the authors of commits, by the commits' hashes. */
export async function handles(
  { repository }: ReleaseDesk,
  { base, head, wanted }: CommitRange,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const left = new Set(wanted);
  for (let page = 1; page <= MOST_PAGES && left.size > 0; page += 1) {
    const commits = await repository.commitsBetween(base, head, page, signal);
    if (commits.length === 0) break;
    for (const { sha, author } of commits) {
      left.delete(sha);
      if (author?.login !== undefined && HANDLE.test(author.login)) found.set(sha, author.login);
    }
  }
  return found;
}

/** What can be mentioned, and nothing that Markdown would read otherwise. */
const HANDLE = /^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/u;
