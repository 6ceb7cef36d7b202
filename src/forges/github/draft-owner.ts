/** Who fills a draft: kept in a comment that the rendered notes do not show. */
export interface DraftOwner {
  readonly tag: string;
  readonly commit: string | null;
  /** Different for each run; the newest one to write it holds the draft. */
  readonly run: string;
}

export function formatClaim({ tag, commit, run }: DraftOwner): string {
  return `<!-- go-release-action tag=${encodeURIComponent(tag)} commit=${commit ?? ""} run=${run} -->`;
}

const PATTERN = /<!-- go-release-action tag=(\S+) commit=(\S*) run=(\S+) -->/g;

/**
 * The last one, for notes may quote another: who names a pull request or a commit writes them too. Undefined
 * when the release is not ours.
 */
export function readClaim(body: string | null | undefined): DraftOwner | undefined {
  const [, written = "", commit, run = ""] = [...(body ?? "").matchAll(PATTERN)].at(-1) ?? [];
  const tag = decoded(written);
  return tag === undefined || run === "" ? undefined : { tag, commit: commit || null, run };
}

function decoded(tag: string): string | undefined {
  try {
    return decodeURIComponent(tag);
  } catch {
    return undefined;
  }
}
