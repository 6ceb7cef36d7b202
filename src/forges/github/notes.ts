import type { ReleaseSpec } from "../../model/plan.ts";
import { fitting } from "../notes.ts";
import { type DraftOwner, formatClaim } from "./draft-owner.ts";

/** GitHub's limit for the text of a release, in characters. */
const LONGEST_BODY = 125_000;

export interface Body {
  readonly text: string;
  /** True when notes were left out. */
  readonly cut: boolean;
}

/**
 * The notes followed by a postscript and our claim. Notes that are too long are cut at a line and end with a link to the
 * commits: a file with the rest would be an asset that the signed manifest does not know.
 */
export function bodyOf(
  notes: string,
  postscript: string,
  claim: DraftOwner,
  commits: string,
): Body {
  const after = postscript === "" ? "" : `\n\n${postscript}\n`;
  const mark = `${after}\n${formatClaim(claim)}\n`;
  const room = LONGEST_BODY - mark.length;
  if (notes.length <= room) return { text: notes + mark, cut: false };
  const end = `\n\n… [All changes](${commits})\n`;
  return { text: fitting(notes, room, end) + mark, cut: true };
}

/** Where all commits of a release are listed. */
export function commitsUrl(repositoryUrl: string, { tag, previousTag }: ReleaseSpec): string {
  return previousTag === null
    ? `${repositoryUrl}/commits/${encodeURIComponent(tag ?? "")}`
    : `${repositoryUrl}/compare/${encodeURIComponent(previousTag)}...${encodeURIComponent(tag ?? "")}`;
}
