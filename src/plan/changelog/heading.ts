import type { SemVer } from "semver";
import { versionsIn } from "./versions.ts";

/** A heading that stands over the entry of a version, or of several. */
export interface VersionHeading {
  readonly versions: readonly SemVer[];
  /** Whether the heading leaves the last number out, as `1.2` does. */
  readonly short: boolean;
  /** Whose version it is, as far as it says so: `other` is a module that was not asked for. */
  readonly of: "any" | "named" | "other";
  /** Whether it says the version, its date and its title alone, in a form that no sentence has. */
  readonly bare: boolean;
}

/**
 * Reads the text of a heading. `names` are what the module may be called, in lower case. Undefined for one that is
 * about something else, though it may mention a version.
 */
export function readHeading(
  text: string,
  names: ReadonlySet<string>,
): VersionHeading | "unreleased" | undefined {
  const line = text.replaceAll(DECORATION, " ").trim();
  const found = versionsIn(line);
  const otherwise = UNRELEASED.test(line) ? "unreleased" : undefined;
  if (found === undefined) return otherwise;
  const words = wordsOf(line.slice(0, found.start)).filter((word) => !isDate(word));
  if (!words.every((word) => PLAIN.has(word) || PHRASE.has(word) || names.has(word)))
    return otherwise;
  const module = found.module.toLowerCase();
  const foreign = module !== "" && !isNamed(module, names);
  const named = module !== "" || words.some((word) => names.has(word) && !PLAIN.has(word));
  return {
    versions: found.versions,
    short: found.short,
    of: foreign ? "other" : named ? "named" : "any",
    bare: !words.some((word) => PHRASE.has(word) && !names.has(word)) && isApart(found.rest),
  };
}

/** Emoji, GitHub's names of emoji, and what belongs to every tag. */
const DECORATION =
  /[\p{Extended_Pictographic}\p{Variation_Selector}\u200D]|:[a-z][\w+-]*:|refs\/tags\/(?=v?\d)/gu;

const UNRELEASED =
  /^\W*(unreleased|upcoming|next|future|head|main|master|in (development|progress)|work in progress|wip|tbd)\b/iu;

/** Words that say no more than that a version follows. */
const PLAIN = new Set(
  "the version versions ver v release releases released tag stable new".split(" "),
);
/** Words of a phrase whose subject may be the version. */
const PHRASE = new Set(
  "change changes changed changelog log what's whats is in of for notes note highlights summary".split(
    " ",
  ),
);

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[\s()[\]{}<>,;|"`“”„«»:!*_#–—]+/u)
    .map((word) => word.replace(/^[-./'’]+|[-./'’]+$/gu, "").replace("’", "'"))
    .filter((word) => word !== "");
}

/** Whether a text has nothing but dates in it. */
export function isDateText(text: string): boolean {
  return wordsOf(text).every(isDate);
}

const MONTH = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$/u;

function isDate(word: string): boolean {
  return /^\d[\d./-]*(st|nd|rd|th)?$/u.test(word) || MONTH.test(word);
}

function isNamed(module: string, names: ReadonlySet<string>): boolean {
  return names.has(module) || names.has(module.replace(/^.*\//u, ""));
}

/** What follows a version and is no sentence that it begins: nothing, a date, something in brackets or after a dash. */
function isApart(rest: string): boolean {
  const after = rest.replace(/^[\])}>"'`*_”»]+/u, "").trim();
  if (after === "" || /^(released|unreleased|yanked|latest|stable|current|lts)\b/iu.test(after))
    return true;
  const [word = ""] = wordsOf(after);
  // `1.0.0 - 1.1.0` is a way from one to the other.
  if (/^[-–—:|,/·•~.]/u.test(after)) return versionsIn(after)?.start !== after.indexOf(word);
  if (/^[([{<]/u.test(after)) return true;
  return isDate(word);
}
