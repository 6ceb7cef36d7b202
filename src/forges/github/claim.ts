/** Who fills a draft: kept in a comment that the rendered notes do not show. */
export interface Claim {
  readonly tag: string;
  readonly commit: string | null;
  /** Different for each run; the newest one to write it holds the draft. */
  readonly run: string;
}

export const formatClaim = ({ tag, commit, run }: Claim): string =>
  `<!-- go-release-action tag=${encodeURIComponent(tag)} commit=${commit ?? ""} run=${run} -->`;

const PATTERN = /<!-- go-release-action tag=(\S+) commit=(\S*) run=(\S+) -->/;

/** Undefined when the release is not ours. */
export function readClaim(body: string | null | undefined): Claim | undefined {
  const [, tag, commit, run] = PATTERN.exec(body ?? "") ?? [];
  if (tag === undefined || run === undefined) return undefined;
  return { tag: decodeURIComponent(tag), commit: commit || null, run };
}
