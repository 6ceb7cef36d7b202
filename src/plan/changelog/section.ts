import { compareBuild, parse, type SemVer } from "semver";
import { normalized, outline } from "../../markdown/blocks.ts";
import { definitionsFor } from "../../markdown/definitions.ts";
import { closed } from "../../markdown/open.ts";
import { bodyUnder } from "./extent.ts";
import { type ChangelogMark, marksIn } from "./marks.ts";

/** Which entry of a changelog is looked for. */
export interface ChangelogEntry {
  /** SemVer without `v`. */
  readonly version: string;
  /** What the module may be called in a heading, in lower case. */
  readonly names: readonly string[];
  /** Whether the heading has to name the module, as in a changelog of several. */
  readonly named: boolean;
}

/** What a changelog has of one version. */
export type ChangelogReading =
  /** `sections` counts the headings of that version which have different things under them. */
  | { readonly kind: "found"; readonly text: string; readonly sections: number }
  | { readonly kind: "empty" }
  /** `unreleased`: there are entries that have no version yet. */
  | { readonly kind: "missing"; readonly unreleased: boolean };

/** The entry of one version, without its heading and with the definitions that its links need. */
export function changelogSection(changelog: string, entry: ChangelogEntry): ChangelogReading {
  const whole = outline(withoutFrontMatter(normalized(changelog)));
  const marks = marksIn(whole, new Set(entry.names));
  const wanted = marksOf(marks, entry);
  if (wanted.length === 0) {
    const pending = marks.filter(({ heading }) => heading === "unreleased");
    return {
      kind: "missing",
      unreleased: pending.some((mark) => bodyUnder(mark, marks, whole) !== ""),
    };
  }
  const bodies = [...new Set(wanted.map((mark) => bodyUnder(mark, marks, whole)))];
  const filled = bodies.filter((body) => body !== "");
  if (filled.length === 0) return { kind: "empty" };
  const body = closed(filled.join("\n\n"));
  const definitions = definitionsFor(body, whole);
  const text = definitions.length === 0 ? body : `${body}\n\n${definitions.join("\n")}`;
  return { kind: "found", text, sections: filled.length };
}

/** What site generators read above a text; Markdown would take it for a heading. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^---\n(?:[\w-]+:.*\n|\s.*\n)*---(?:\n|$)/u, "");
}

/**
 * The headings of the version. One that says nothing else comes before one that is a phrase, and a phrase below
 * another version, or below what is not released, only mentions it.
 */
function marksOf(marks: readonly ChangelogMark[], entry: ChangelogEntry): readonly ChangelogMark[] {
  const sought = parse(entry.version);
  if (sought === null) return [];
  const fitting = marks.filter((mark) => isOf(mark, sought, entry));
  const is = ({ heading }: ChangelogMark, what: "bare" | "short"): boolean =>
    typeof heading === "object" && heading[what];
  const whole = fitting.filter((mark) => !is(mark, "short"));
  const bare = whole.filter((mark) => is(mark, "bare"));
  const choices = [
    bare.filter((mark) => isFirst(mark, sought)),
    bare,
    whole.filter((mark) => !isNested(mark, marks)),
    fitting.filter((mark) => is(mark, "bare")),
  ];
  const chosen = choices.find((some) => some.length > 0) ?? [];
  const rank = Math.min(...chosen.map(({ depth }) => depth));
  return chosen.filter(({ depth }) => depth === rank);
}

function isOf({ heading }: ChangelogMark, sought: SemVer, { named }: ChangelogEntry): boolean {
  if (typeof heading !== "object") return false;
  const ofModule = named ? heading.of === "named" : heading.of !== "other";
  return ofModule && heading.versions.some((version) => compareBuild(version, sought) === 0);
}

/** Of modules that are released together, the first one's version is the heading's own. */
function isFirst({ heading }: ChangelogMark, sought: SemVer): boolean {
  const [first] = typeof heading === "object" ? heading.versions : [];
  return first !== undefined && compareBuild(first, sought) === 0;
}

function isNested(mark: ChangelogMark, marks: readonly ChangelogMark[]): boolean {
  const above = marks.findLast(({ start, depth }) => start < mark.start && depth < mark.depth);
  return above?.heading !== undefined;
}
