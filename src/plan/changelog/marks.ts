import type { Block, Outline } from "../../markdown/blocks.ts";
import { isDateText, readHeading, type VersionHeading } from "./heading.ts";

/** A heading of a changelog. */
export interface ChangelogMark {
  /** Its first line, and the first one below it. */
  readonly start: number;
  readonly body: number;
  /** 1 to 6, or `BOLD`. */
  readonly depth: number;
  readonly text: string;
  /** Undefined for one that is about no version. */
  readonly heading: VersionHeading | "unreleased" | undefined;
}

/** The rank of a line in bold type, below every heading. */
export const BOLD = 7;

/** Headings of every form that people write: `#`, underlined, as HTML, and versions in bold type. */
export function marksIn(whole: Outline, names: ReadonlySet<string>): readonly ChangelogMark[] {
  return whole.blocks.flatMap((block) => {
    const found = headingOf(block, whole);
    if (found === undefined) return [];
    const heading = readHeading(found.text, names);
    // Any other line in bold type is just that.
    return found.depth === BOLD && typeof heading !== "object" ? [] : [{ ...found, heading }];
  });
}

function headingOf(
  { kind, start, end, depth, inline }: Block,
  { lines, plain }: Outline,
): Omit<ChangelogMark, "heading"> | undefined {
  if (kind === "heading") return { start, body: end, depth, text: plain(inline) };
  if (kind === "paragraph") {
    const [, , bold, rest = ""] = /^(\*\*|__)((?:(?!\1).)+)\1(.*)$/u.exec(lines[start] ?? "") ?? [];
    if (bold === undefined || !isDateText(rest)) return undefined;
    return { start, body: start + 1, depth: BOLD, text: plain(bold) };
  }
  if (kind !== "html") return undefined;
  const html = lines.slice(start, end).join("\n");
  const [whole, rank, text = ""] = HTML_HEADING.exec(html) ?? [];
  if (whole === undefined) return undefined;
  const body = start + whole.split("\n").length;
  return { start, body, depth: Number(rank), text: text.replaceAll(/<[^>]*>/gu, "").trim() };
}

const HTML_HEADING = /^\s*(?:<a\b[^>]*>\s*(?:<\/a>)?\s*)?<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1>/iu;
