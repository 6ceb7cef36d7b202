import type { Destination, ReleaseSpec } from "../../model/plan.ts";
import { fitting } from "../notes.ts";
import type { Release } from "./entities.ts";

/** What tells a release of ours from one that a person made: the rendered notes do not show it. */
const MARK = "<!-- go-release -->";

/** GitLab's limit for the description of a release, in characters (`Gitlab::Database::MAX_TEXT_SIZE_LIMIT`). */
const LONGEST = 1_000_000;

/** The notes, the postscript and our mark; notes that are too long end with a link to all commits. */
export function descriptionOf(
  spec: ReleaseSpec,
  postscript: string,
  { serverUrl, repository }: Pick<Destination, "serverUrl" | "repository">,
): string {
  const after = `${postscript === "" ? "" : `\n\n${postscript}`}\n\n${MARK}\n`;
  const changes = `${serverUrl}/${repository}/-/${range(spec)}`;
  const more = `\n\n… ${repository.includes("/") ? `[All changes](${changes})` : "and more"}`;
  const notes = (spec.notes ?? "").trimEnd();
  return `${fitting(notes, LONGEST - after.length, more)}${after}`.trimStart();
}

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
