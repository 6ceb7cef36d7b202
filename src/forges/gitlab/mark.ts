import type { Release } from "./entities.ts";

/** What tells a release of ours from one that a person made: the rendered notes do not show it. */
const MARK = "<!-- go-release -->";

export const marked = (notes: string): string => `${notes.trimEnd()}\n\n${MARK}\n`.trimStart();

/** Whether title and notes are ours, or nobody has written any. */
export const isOurs = ({ description, name, tag_name }: Release): boolean => {
  const notes = (description ?? "").trim();
  return notes.includes(MARK) || (notes === "" && [tag_name, null, undefined].includes(name));
};
