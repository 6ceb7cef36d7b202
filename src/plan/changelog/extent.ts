import type { Block, Outline } from "../../markdown/blocks.ts";
import { openElements } from "../../markdown/open.ts";
import { BOLD, type ChangelogMark } from "./marks.ts";

/** What stands under a heading; empty when it is nothing but further headings. */
export function bodyUnder(
  mark: ChangelogMark,
  marks: readonly ChangelogMark[],
  whole: Outline,
): string {
  const inside = within(whole, mark, endOf(mark, marks, whole));
  if (inside.every((block) => isSilent(block, whole))) return "";
  const last = inside.findLast((block) => !isBetween(block, whole, mark));
  return whole.lines
    .slice(mark.body, last?.end ?? mark.body)
    .join("\n")
    .replace(/^\s*\n/u, "")
    .trimEnd();
}

/** The line where the entry under a heading ends. */
function endOf(mark: ChangelogMark, marks: readonly ChangelogMark[], whole: Outline): number {
  const possible = marks.filter((other) => other.start > mark.start && ends(mark, other));
  const end = possible.find((other, at) => !isPart(other, possible.slice(at + 1), mark));
  return end?.start ?? whole.lines.length;
}

/**
 * Another version ends an entry whatever its rank, for some tools write `##` for minor and `###` for patch versions;
 * a prerelease below its release is part of it. Of other headings those of a higher rank do, and of the same one
 * unless it is that of standard-version's patch versions, whose parts have it too.
 */
function ends(mark: ChangelogMark, { depth, heading, ...other }: ChangelogMark): boolean {
  if (depth < mark.depth) return true;
  if (depth === mark.depth) return heading !== undefined || depth < PATCH;
  if (depth === BOLD || typeof heading !== "object" || !heading.bare) return false;
  return !isPrerelease({ depth, heading, ...other }, mark);
}

/** The rank that standard-version gives to patch versions, and to the parts of every entry. */
const PATCH = 3;

function isPrerelease({ heading: one }: ChangelogMark, { heading: other }: ChangelogMark): boolean {
  if (typeof one !== "object" || typeof other !== "object") return false;
  return one.versions.every(
    (version) =>
      version.prerelease.length > 0 &&
      other.versions.some((release) => version.compareMain(release) === 0),
  );
}

/**
 * Whether a heading of the same rank is the entry's own, as `## What's changed` under `## 1.2.3`: between two versions
 * nothing else stands, and below the last one what is called like a part.
 */
function isPart(
  { heading, depth, text }: ChangelogMark,
  further: readonly ChangelogMark[],
  mark: ChangelogMark,
): boolean {
  if (heading !== undefined || depth !== mark.depth) return false;
  const next = further.find((other) => other.heading !== undefined || other.depth < depth);
  return PART.test(text) || (next !== undefined && next.heading !== undefined);
}

/** What the parts of an entry are called. */
const PART =
  /^\W*(what'?s|new|features?|enhancements?|improvements?|changes?|changed|added|removed|deprecat\w+|security|bugs?|bug ?fixes|fix|fixes|fixed|breaking|performance|dependencies|documentation|reverts?|misc\w*|internal|chores?|highlights)\b/iu;

function within({ blocks }: Outline, { body }: ChangelogMark, end: number): readonly Block[] {
  return blocks
    .filter((block) => block.end > body && block.start < end)
    .map((block) => ({ ...block, start: Math.max(block.start, body) }));
}

/** Whether a block says nothing of its own. */
function isSilent({ kind, start, end }: Block, { lines }: Outline): boolean {
  switch (kind) {
    case "heading":
    case "definition":
    case "rule":
      return true;
    case "html":
    case "paragraph":
      return isMarkup(lines.slice(start, end).join("\n"));
    case "fence":
    case "other":
      return false;
  }
}

/** Comments, anchors and ends of elements: what tools leave between entries. */
function isMarkup(text: string): boolean {
  const rest = text.replaceAll(/<!--[\s\S]*?-->|<a\s[^>]*>(?:\s*<\/a>)?|<\/[a-z][\w-]*\s*>/giu, "");
  return rest.trim() === "";
}

/** Whether a block at the end of an entry belongs to what comes after it, or is of no use alone. */
function isBetween(
  { kind, start, end }: Block,
  { lines }: Outline,
  { body }: ChangelogMark,
): boolean {
  if (kind === "rule" || kind === "definition") return true;
  const isSilentMarkup = isMarkup(lines.slice(start, end).join("\n"));
  if (kind !== "html" && !(kind === "paragraph" && isSilentMarkup)) return false;
  const before = openElements(lines.slice(body, start).join("\n")).length;
  const after = openElements(lines.slice(body, end).join("\n")).length;
  // It opens what holds the next entries, or says nothing and closes nothing of this one.
  return after > before ? kind === "html" : isSilentMarkup && after === before;
}
