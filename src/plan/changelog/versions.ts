import { parse, type SemVer } from "semver";

/** The versions that a line begins to speak of. */
export interface WrittenVersions {
  /** Several where modules are released together, as `1.2.3/0.5.0`. */
  readonly versions: readonly SemVer[];
  /** Whether the last number is left out, as in `1.2`. */
  readonly short: boolean;
  /** What is joined to them, as `cli` in `cli/v1.2.3` and `tool` in `tool@1.2.3`. */
  readonly module: string;
  /** Where they begin in the line, and what follows them. */
  readonly start: number;
  readonly rest: string;
}

/** The first versions in a line; a date that looks like one only when there is nothing else. */
export function versionsIn(line: string): WrittenVersions | undefined {
  const found = [...line.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const read = readWord(word);
    return read === undefined
      ? []
      : [{ ...read, start: index, rest: restAfter(line, index, word) }];
  });
  const whole = found.find(({ versions: [one], short }) => !short && one && !isDateLike(one));
  return withFurther(whole ?? found[0]);
}

const WORD = /[^\s()[\]{}<>,;|&"`“”„«»]+/gu;

function restAfter(line: string, index: number, word: string): string {
  return line.slice(index + word.replace(LAST_MARKS, "").length);
}

const LAST_MARKS = /[.:!–—'*_/-]+$/u;

function readWord(word: string): Omit<WrittenVersions, "start" | "rest"> | undefined {
  const plain = word.replace(LAST_MARKS, "");
  const several = plain.split("/").map(wholeVersion);
  const all = several.flatMap((version) => version ?? []);
  if (all.length > 1 && all.length === several.length)
    return { versions: all, short: false, module: "" };
  const [, module = "", number = ""] = JOINED.exec(plain) ?? [];
  const short = /^\d+\.\d+(?![\d.])/u.test(number);
  const version = parse(short ? number.replace(/^\d+\.\d+/u, "$&.0") : number);
  if (version === null) return undefined;
  return { versions: [version], short, module: module.replace(/^@/u, "") };
}

/** A module is taken only where the rest is no version by itself. */
const JOINED =
  /^[#'*_–—-]*(?:(@?[\w./-]*?\w)(?:@|\/|[-_](?=v?\d+\.)))??v?(\d+\.\d+(?:\.\d+)?(?:-[0-9a-z.-]+)?(?:\+[0-9a-z.-]+)?)$/iu;

function wholeVersion(word: string): SemVer | undefined {
  return parse(word.replace(/^[#'*_]*v?/iu, "")) ?? undefined;
}

/** `2026.1.2` or `2.1.2026`. */
function isDateLike({ major, patch }: SemVer): boolean {
  return major >= 1970 || patch >= 1970;
}

/** `1.2.3, 1.2.4 and 1.2.5`. */
function withFurther(first: WrittenVersions | undefined): WrittenVersions | undefined {
  if (first === undefined) return undefined;
  const [joint, word = ""] =
    /^[\])"'`\s]*(?:[,/&+]|and\b)[[("'`\s]*([^\s()[\],]+)/iu.exec(first.rest) ?? [];
  const next = wholeVersion(word.replace(LAST_MARKS, ""));
  if (joint === undefined || next === undefined || isDateLike(next)) return first;
  const rest = restAfter(first.rest, joint.length - word.length, word);
  return withFurther({ ...first, versions: [...first.versions, next], rest });
}
