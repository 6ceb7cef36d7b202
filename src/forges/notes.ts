import { cut } from "../markdown/cut.ts";
import { closed } from "../markdown/open.ts";

/** What the text of a release is made of. */
export interface ReleaseTextParts {
  readonly notes: string;
  /** Markdown that follows the notes. */
  readonly postscript?: string;
  /** A comment at the end by which we know the release again. */
  readonly mark?: string;
  /** The most that the forge takes, in UTF-16 units: never more than the characters that forges count. */
  readonly limit: number;
  /** What ends notes that are too long: where all changes are. */
  readonly more: string;
}

export interface FittedText {
  readonly text: string;
  /** Whether notes were left out. */
  readonly cut: boolean;
}

/**
 * The text of a release as a forge takes it. What the notes leave open is closed, so that what follows them is seen;
 * notes that are too long are cut. A file with the rest would be one that the signed manifest does not know.
 */
export function releaseText({
  notes,
  postscript,
  mark,
  limit,
  more,
}: ReleaseTextParts): FittedText {
  const after = [postscript ?? "", mark ?? ""].filter((part) => part !== "");
  const end = after.map((part) => `\n\n${part}`).join("");
  const room = limit - Math.max(end.length + 1, RESERVE);
  const whole = closed(notes).trim();
  const isCut = whole.length > room;
  const ending = `\n\n… ${more}`;
  const kept = isCut ? `${cut(notes, room - ending.length).trim()}${ending}` : whole;
  const text = `${kept}${end}`.trimStart();
  return { text: text === "" ? "" : `${text}\n`, cut: isCut };
}

/** Kept free for what follows, so that notes are cut at the same place whether that is known yet or not. */
const RESERVE = 4000;

/** The notice of notes that were cut. */
export function cutNotice(forge: string, limit: number): string {
  return `the notes exceed the ${limit.toLocaleString("en")} characters that ${forge} accepts and were truncated; they end with a link to all changes`;
}
