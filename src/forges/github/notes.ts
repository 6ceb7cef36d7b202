import type { ReleaseSpec } from "../../model/plan.ts";
import { cutNotice, type FittedText, releaseText } from "../notes.ts";
import { type DraftOwner, formatClaim } from "./draft-owner.ts";

/** GitHub's limit for the text of a release, in characters. */
const LONGEST_BODY = 125_000;

interface BodyParts {
  readonly notes: string;
  readonly postscript?: string;
  readonly claim?: DraftOwner;
  /** Where all commits are listed. */
  readonly commits: string;
}

/** The notes, followed by a postscript and our claim. */
export function bodyOf({ notes, postscript = "", claim, commits }: BodyParts): FittedText {
  const mark = claim === undefined ? "" : formatClaim(claim);
  const more = `[All changes](${commits})`;
  return releaseText({ notes, postscript, mark, limit: LONGEST_BODY, more });
}

export const GITHUB_CUT = cutNotice("GitHub", LONGEST_BODY);

/** Where all commits of a release are listed. */
export function commitsUrl(repositoryUrl: string, { tag, previousTag }: ReleaseSpec): string {
  return previousTag === null
    ? `${repositoryUrl}/commits/${encodeURIComponent(tag ?? "")}`
    : `${repositoryUrl}/compare/${encodeURIComponent(previousTag)}...${encodeURIComponent(tag ?? "")}`;
}
