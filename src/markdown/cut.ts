import { normalized, tokensOf } from "./blocks.ts";
import { closed, openComment } from "./open.ts";

/**
 * As much of a text as fits into `room` UTF-16 units: whole lines, or whole characters where one line alone is too
 * long, with everything closed that the cut leaves open.
 */
export function cut(text: string, room: number): string {
  const whole = closed(text);
  if (whole.length <= room) return whole;
  const source = normalized(text);
  for (let length = room; length > 0; ) {
    const kept = closed(wholeTags(beginning(source, length)));
    if (kept.length <= room) return kept;
    length -= Math.max(1, kept.length - room);
  }
  return "";
}

function beginning(text: string, length: number): string {
  const kept = text.slice(0, length);
  const ends = [`${kept}${text.charAt(length)}`.lastIndexOf("\n"), kept.lastIndexOf(" ")];
  // Where one line or one word is most of it, little would be left.
  const end = ends.find((at) => at > length / 2);
  return end === undefined ? wholeCharacters(text, length) : kept.slice(0, end).trimEnd();
}

/** Characters as people count them: an accent or an emoji's second half stays with what it belongs to. */
function wholeCharacters(text: string, length: number): string {
  const from = Math.max(0, length - LONGEST_CHARACTER);
  const window = text.slice(from, length + LONGEST_CHARACTER);
  const starts = [...new Intl.Segmenter().segment(window)].map(({ index }) => from + index);
  return text.slice(0, starts.findLast((start) => start <= length) ?? 0);
}

/** UTF-16 units; a family of four with skin tones has 19. */
const LONGEST_CHARACTER = 64;

/** A tag that goes over several lines is kept whole or not at all: its quote would swallow what follows. */
function wholeTags(text: string): string {
  const last = tokensOf(text).at(-1);
  if (last?.type !== "html_block" || last.map === null) return text;
  const [start] = last.map;
  const lines = text.split("\n");
  const html = lines.slice(start).join("\n");
  const tag = html.search(/<[a-z/](?:[^<>"']|"[^"]*"|'[^']*')*(?:["'][^>]*)?$/iu);
  if (tag < 0 || openComment(html) >= 0) return text;
  return [...lines.slice(0, start), html.slice(0, tag)].join("\n").trimEnd();
}
