import type { Destination, ReleaseSpec } from "../../model/plan.ts";
import { cutNotice, type FittedText, releaseText } from "../notes.ts";
import type { Release } from "./entities.ts";

/** What tells a release of ours from one that a person made: the rendered notes do not show it. */
const MARK = "<!-- go-release -->";

/** GitLab's limit for the description of a release, in characters (`Gitlab::Database::MAX_TEXT_SIZE_LIMIT`). */
const LONGEST = 1_000_000;

interface DescriptionParts {
  readonly spec: ReleaseSpec;
  readonly postscript?: string;
  readonly mark?: string;
  readonly project: Pick<Destination, "serverUrl" | "repository">;
}

/** The notes, the postscript and our mark; notes that are too long end with a link to all commits. */
export function descriptionOf(parts: DescriptionParts): FittedText {
  const { spec, postscript = "", mark = MARK, project } = parts;
  const changes = `${project.serverUrl}/${project.repository}/-/${range(spec)}`;
  // A project that is known by its number alone has no address for people.
  const more = project.repository.includes("/") ? `[All changes](${changes})` : "and more";
  return releaseText({ notes: spec.notes ?? "", postscript, mark, limit: LONGEST, more });
}

export const GITLAB_CUT = cutNotice("GitLab", LONGEST);

/** Whether title and notes are ours, or nobody has written any. */
export function isOurs({ description, name, tag_name }: Release): boolean {
  const notes = (description ?? "").trim();
  return notes.includes(MARK) || (notes === "" && [tag_name, null, undefined].includes(name));
}

function range({ tag, previousTag }: ReleaseSpec): string {
  return previousTag === null
    ? `commits/${encodeURIComponent(tag ?? "")}`
    : `compare/${encodeURIComponent(previousTag)}...${encodeURIComponent(tag ?? "")}`;
}
