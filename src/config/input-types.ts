import { misgiven, Secret } from "../model/secret.ts";
import type { BrokenRule, Reading } from "./reading.ts";
import { splitWords } from "./shell-words.ts";

/** What a source hands over for one input: text from flags, the environment and hosts, or YAML's own data. */
export type Raw = unknown;

/** Who can give an input: the caller by a flag, the job by an input, the environment, or a file of the commit. */
export type InputSource = "flag" | "host" | "environment" | "file";

export const everywhere: readonly InputSource[] = ["flag", "host", "environment", "file"];
const byCaller: readonly InputSource[] = ["flag", "host", "environment"];

type JsonSchema = Readonly<Record<string, unknown>>;

/** One row of the input table. */
export interface Input<T> {
  readonly help: string;
  readonly fallback: T;
  /** The default as people read it, where it is not the fallback itself. */
  readonly shown?: string;
  readonly kind:
    | "text"
    | "flag"
    | "choice"
    | "list"
    | "words"
    | "map"
    | "count"
    | "secret"
    | "rows";
  readonly options?: readonly string[];
  /** The variables that a template knows; absent for what is no template. */
  readonly variables?: readonly string[];
  /** Only these commands know it; absent means every command that plans. */
  readonly commands?: readonly string[];
  /** Where a value may come from. */
  readonly from: readonly InputSource[];
  /** What it decides, which is why no file of the commit may; only of inputs that no file may give. */
  readonly decides?: string;
  readonly read: (raw: Raw) => Reading<T>;
  readonly schema: JsonSchema;
}

interface Extra {
  readonly shown?: string;
  readonly variables?: readonly string[];
  readonly commands?: readonly string[];
  readonly from?: readonly InputSource[];
  readonly decides?: string;
}

/** What callers decide, as people read it, where several inputs do. */
export const decisions = {
  tokens: "where a token goes",
  trust: "who is trusted",
  run: "what this run does",
} as const;

/**
 * For an input that is the caller's to give: a file of the released commit, which may be anybody's, never decides
 * this.
 */
export function callersOwn(decides: string, from = byCaller): Pick<Extra, "from" | "decides"> {
  return { from, decides };
}

/** The same input where nothing given is told from what was given. */
export function optional<T>(input: Input<T>, shown: string): Input<T | undefined> {
  return { ...input, fallback: undefined, shown };
}

function isText(raw: Raw): raw is string {
  return typeof raw === "string";
}

function textOf(raw: Raw): string | undefined {
  return isText(raw) ? raw : typeof raw === "number" ? String(raw) : undefined;
}

export function text<T extends string | undefined>(
  help: string,
  fallback: T,
  extra: Extra = {},
): Input<string | T> {
  return {
    kind: "text",
    help,
    fallback,
    from: everywhere,
    ...extra,
    read: (raw) => {
      const value = textOf(raw);
      return value === undefined ? { rule: "must be a string" } : { value };
    },
    schema: { type: ["string", "number"] },
  };
}

/** Text that `accept` holds to a rule; it gives the rule that is broken, or undefined. */
export function checked(
  help: string,
  accept: (value: string) => string | undefined,
  extra: Extra = {},
): Input<string | undefined> {
  return {
    ...text(help, undefined, extra),
    read: (raw) => {
      const value = textOf(raw);
      if (value === undefined) return { rule: "must be a string" };
      const rule = accept(value);
      return rule === undefined ? { value } : { rule };
    },
  };
}

export function flag(help: string, fallback: boolean, extra: Extra = {}): Input<boolean> {
  return {
    kind: "flag",
    from: everywhere,
    help,
    fallback,
    ...extra,
    read: (raw) => {
      const value = booleanOf(raw);
      return value === undefined ? { rule: "must be true or false" } : { value };
    },
    schema: { type: "boolean" },
  };
}

/** YAML 1.2's core booleans, as `@actions/core` reads them too. */
function booleanOf(raw: Raw): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  if (raw === "true" || raw === "True" || raw === "TRUE") return true;
  return raw === "false" || raw === "False" || raw === "FALSE" ? false : undefined;
}

/** One word of a list; `true` and `false` may be among them. */
export function choice<const T extends string>(
  help: string,
  options: readonly T[],
  fallback: T,
  extra: Extra = {},
): Input<T> {
  return {
    kind: "choice",
    from: everywhere,
    help,
    fallback,
    options,
    ...extra,
    read: (raw) => {
      const truth = booleanOf(raw);
      const given = truth === undefined ? textOf(raw) : String(truth);
      const value = options.find((option) => option === given);
      return value === undefined ? { rule: `must be one of ${options.join(", ")}` } : { value };
    },
    schema: {
      // In YAML the words `true` and `2` are no texts.
      enum: options.flatMap((option): (string | number | boolean)[] => {
        if (option === "true" || option === "false") return [option, option === "true"];
        return /^\d+$/u.test(option) ? [option, Number(option)] : [option];
      }),
    },
  };
}

/** Commas inside braces belong to a glob: `*.{md,txt}`. */
const ITEM_BREAK = /\n|,(?![^{\n]*\})/u;

/** In a workflow's `|` block YAML knows no comments, though people write them there. */
function withoutComments(text: string): string {
  return text.includes("\n") ? text.replaceAll(/(^|[^\S\n])#[^\n]*/gmu, "") : text;
}

/** Items one a line or separated by commas; where there are several lines, `#` begins a comment. */
export function splitItems(text: string, separator = ITEM_BREAK): readonly string[] {
  return withoutComments(text)
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/**
 * Items one a line or separated by commas, unless `separator` says otherwise; where there are several lines, `#`
 * begins a comment.
 */
export function list(
  help: string,
  fallback: readonly string[],
  {
    separator = ITEM_BREAK,
    fault = () => undefined,
    ...extra
  }: Extra & { readonly separator?: RegExp; readonly fault?: FaultInWords } = {},
): Input<readonly string[]> {
  return {
    kind: "list",
    from: everywhere,
    help,
    fallback,
    ...extra,
    read: (raw) => {
      const parts = (Array.isArray(raw) ? raw : [raw]).map(textOf);
      if (!parts.every(isText)) return { rule: "must be a list of strings" };
      const value = parts.flatMap((part) => splitItems(part, separator));
      return fault(value) ?? { value };
    },
    schema: { type: ["array", "string", "number"], items: { type: ["string", "number"] } },
  };
}

/** The rule that several words break together, with its cure. */
type FaultInWords = (
  words: readonly string[],
) => { readonly rule: string; readonly cure?: string } | undefined;

/**
 * Words as a shell would split them, quotes honoured. A list in YAML is taken as it is. A word that is a flag and more
 * behind a blank is several, as in `- -s -w` or `'"-s -w"'`: no program would take it for one.
 */
export function words(
  help: string,
  fallback: readonly string[],
  {
    fault,
    valued,
    ...extra
  }: Extra & {
    readonly fault: FaultInWords;
    /** The names of flags that the next word is the value of. */
    readonly valued: RegExp;
  },
): Input<readonly string[]> {
  return {
    kind: "words",
    from: everywhere,
    help,
    fallback,
    ...extra,
    read: (raw) => {
      const reading = splitFlags(isText(raw) ? splitWords(raw) : listOfTexts(raw), valued);
      return "rule" in reading ? reading : (fault(reading.value) ?? reading);
    },
    schema: { type: ["array", "string"], items: { type: ["string", "number"] } },
  };
}

function listOfTexts(raw: Raw): WordsReading {
  const parts = Array.isArray(raw) ? raw.map(textOf) : [undefined];
  return parts.every(isText) ? { value: parts } : { rule: "must be a string or a list of strings" };
}

function splitFlags(reading: WordsReading, valued: RegExp): WordsReading {
  if ("rule" in reading) return reading;
  const all: string[] = [];
  for (const word of reading.value) {
    const isValue = valued.test(/^--?(.+)$/su.exec(all.at(-1) ?? "")?.[1] ?? "");
    const split = !isValue && /^--?[\w-]+\s/u.test(word) ? splitWords(word) : { value: [word] };
    if ("rule" in split) return split;
    all.push(...split.value);
  }
  return { value: all };
}

type WordsReading = { readonly value: readonly string[] } | BrokenRule;

/** `NAME=value`, one a line; a mapping in YAML. Several flags add up. */
export function map(
  help: string,
  fallback: Readonly<Record<string, string>>,
  extra: Extra & {
    /** What a name may be; an environment variable's when absent. */
    readonly names?: RegExp;
    /** The rule that a name or its value breaks, or undefined. */
    readonly refuse: (name: string, value: string) => string | undefined;
  },
): Input<Readonly<Record<string, string>>> {
  const { refuse, names = VARIABLE, ...more } = extra;
  return {
    kind: "map",
    from: everywhere,
    help,
    fallback,
    ...more,
    read: (raw) => {
      const reading = mapOf(raw, names);
      const rule =
        "rule" in reading
          ? undefined
          : Object.entries(reading.value)
              .map(([name, value]) => refuse(name, value))
              .find(Boolean);
      return rule === undefined ? reading : { rule };
    },
    schema: {
      type: ["object", "array", "string"],
      additionalProperties: { type: ["string", "number", "boolean"] },
      items: { type: "string" },
    },
  };
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/u;

type Mapping = { readonly value: Record<string, string> } | BrokenRule;

function mapOf(raw: Raw, names: RegExp): Mapping {
  if (raw !== null && typeof raw === "object" && !Array.isArray(raw)) return mapOfData(raw, names);
  const parts = Array.isArray(raw) ? raw : [raw];
  if (!parts.every(isText)) return { rule: "must be NAME=value lines or a mapping" };
  const pairs = parts
    .flatMap((part) => part.split("\n"))
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
    .map((pair) => [pair, pair.split("=", 1)[0]?.trim() ?? ""] as const);
  const wrong = pairs.find(([pair, name]) => !pair.includes("=") || !names.test(name));
  if (wrong !== undefined)
    return { rule: `must be NAME=value, one per line; "${wrong[0]}" is not` };
  return {
    value: Object.fromEntries(
      pairs.map(([pair, name]) => [name, pair.slice(pair.indexOf("=") + 1)]),
    ),
  };
}

function mapOfData(raw: object, names: RegExp): Mapping {
  const wrong = Object.entries(raw).find(
    ([name, value]) => !names.test(name) || !/string|number|boolean/u.test(typeof value),
  );
  if (wrong !== undefined) return { rule: `must map names to strings; ${wrong[0]} is not one` };
  return {
    value: Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)])),
  };
}

/** A whole number of at least 1, or `auto`. */
export function count(help: string, most: number, extra: Extra = {}): Input<number | undefined> {
  return {
    kind: "count",
    from: everywhere,
    help,
    fallback: undefined,
    ...extra,
    read: (raw) => {
      if (raw === "auto") return { value: undefined };
      const value =
        typeof raw === "number" ? raw : isText(raw) && /^\d+$/u.test(raw) ? Number(raw) : NaN;
      const fits = Number.isInteger(value) && value >= 1 && value <= most;
      return fits ? { value } : { rule: `must be a whole number from 1 to ${most}` };
    },
    schema: { anyOf: [{ type: "integer", minimum: 1, maximum: most }, { const: "auto" }] },
  };
}

type FormatMap<T extends string> = Readonly<Record<string, readonly T[]>>;

/** One word, several, or words by operating system: `{windows: zip, "*": [tar.gz, zip]}`; as text `windows=zip`. */
export function byOs<const T extends string>(
  help: string,
  options: readonly T[],
  extra: Extra = {},
): Input<FormatMap<T> | undefined> {
  const wordsOf = (raw: Raw): readonly string[] | undefined => {
    const parts = Array.isArray(raw) ? raw : [raw];
    return parts.every(isText)
      ? parts.flatMap((part) => part.split(/[\s,]+/u)).filter((word) => word !== "")
      : undefined;
  };
  return {
    kind: "text",
    from: everywhere,
    help,
    fallback: undefined,
    ...extra,
    read: (raw) => {
      const entries = Object.entries(mappingOf(raw)).map(([os, value]) => [os, wordsOf(value)]);
      const value = Object.fromEntries(entries) as Record<string, readonly T[] | undefined>;
      const all = Object.values(value).flat();
      return all.length > 0 && all.every((word) => word !== undefined && options.includes(word))
        ? { value: value as FormatMap<T> }
        : { rule: `may only contain ${options.join(", ")}` };
    },
    schema: {
      anyOf: [
        { enum: [...options] },
        { type: "array", items: { enum: [...options] } },
        {
          type: "object",
          additionalProperties: {
            anyOf: [{ enum: [...options] }, { type: "array", items: { enum: [...options] } }],
          },
        },
      ],
    },
  };
}

/** What was written for each operating system; `*` are all that have no word of their own. */
function mappingOf(raw: Raw): Readonly<Record<string, unknown>> {
  if (raw !== null && typeof raw === "object" && !Array.isArray(raw)) return { ...raw };
  const parts = (Array.isArray(raw) ? raw : [raw]).flatMap((part) =>
    isText(part) ? part.split(/[\n,]+/u) : [part],
  );
  const pairs = parts.filter((part): part is string => isText(part) && part.includes("="));
  if (pairs.length === 0) return { "*": raw };
  const plain = parts.filter((part) => !pairs.includes(part as string));
  return {
    ...(plain.length === 0 ? {} : { "*": plain }),
    ...Object.fromEntries(pairs.map((pair) => pair.split("=").map((part) => part.trim()))),
  };
}

/** What was given in place of a secret, with the cure; it says nothing of the value. */
export function faultOfSecret(
  given: string,
): { readonly rule: string; readonly cure: string } | undefined {
  switch (misgiven(given)) {
    case undefined:
      return undefined;
    case "path":
      return {
        rule: "is the path of a file, but must be the secret itself",
        cure: "on GitLab, change the variable's type from File to Variable; elsewhere pass the file's content",
      };
    case "reference":
      return {
        rule: "is the name of a variable that is not set here",
        cure: "a protected variable is only available to protected tags and branches; a variable cannot refer to itself",
      };
    case "quoted":
      return { rule: "is in quotes, which are not part of it", cure: "remove the quotes" };
  }
}

/** A credential: it comes from the environment or a host's input, never from argv or a file. */
export function secret(help: string, extra: Extra = {}): Input<Secret | undefined> {
  return {
    kind: "secret",
    help,
    fallback: undefined,
    ...extra,
    from: ["host", "environment"],
    read: (raw) => {
      if (!isText(raw)) return { rule: "must be a string" };
      return faultOfSecret(raw) ?? { value: new Secret(raw) };
    },
    schema: { not: {} },
  };
}
