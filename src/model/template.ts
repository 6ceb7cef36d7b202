import { Problem } from "./problem.ts";

/** What may stand in braces in names, flags and texts; the last ones belong to one target. */
export const variables = {
  name: "project name",
  version: "SemVer without `v`",
  tag: "the tag, including `v`; for a snapshot `v` and the version",
  major: "first number of the version",
  minor: "second number of the version",
  patch: "third number of the version",
  prerelease: "what follows `-` in the version, e.g. `rc.1`; empty for a release",
  commit: "full hash",
  "short-commit": "its first 12 characters",
  date: "the commit's date, ISO 8601",
  day: "the day of that date, e.g. 2026-01-31",
  timestamp: "that date in seconds since 1970",
  branch: "the branch that is checked out or that CI reports; empty for a tag",
  os: "GOOS; in file names as mapped by `names`",
  arch: "GOARCH; in file names with the target's explicit level (armv7, amd64v3), as mapped by `names`",
  level: "GOAMD64, GOARM … as given in the target, or Go's default",
  target: "os, arch and level joined by `_`, or as mapped by `names`",
  binary: "name of the program, without `.exe`",
  "zig-target": "as `zig cc -target` has it: x86_64-linux-musl, aarch64-macos, x86_64-windows-gnu",
  "os-title": "as `uname -s` prints it: Linux, Darwin, Windows",
  "arch-uname": "as `uname -m` prints it: x86_64, aarch64, armv7l",
} as const;

export type Variable = keyof typeof variables;

/** Those that do not belong to one target. */
export const releaseVariables: readonly Variable[] = [
  "name",
  "version",
  "tag",
  "major",
  "minor",
  "patch",
  "prerelease",
  "commit",
  "short-commit",
  "date",
  "day",
  "timestamp",
  "branch",
];

/** What may stand around notes: which tag was the previous one is nothing that the commit settles. */
export const notesVariables: readonly string[] = [...releaseVariables, "previous-tag"];

export const everyVariable = Object.keys(variables) as readonly Variable[];

/** What variables hold; `env:NAME` for those of the environment that were allowed. */
export type Values = Readonly<Record<Variable, string>> & Readonly<Record<`env:${string}`, string>>;

/** `{version|upper}`: what may follow a variable. */
export const filters = {
  upper: "upper case",
  lower: "lower case",
  title: "first letter in upper case",
  first: "`{commit|first:7}`: so many characters of its start",
  default: "`{prerelease|default:stable}`: the text to use if the variable is empty",
} as const;

type FilterName = keyof typeof filters;

interface Expression {
  readonly variable: string;
  readonly filters: readonly { readonly name: string; readonly argument: string }[];
}

/** `${NAME}` is a shell's. */
const BRACES = /(?<!\$)\{([^{}]*)\}/gu;

function parse(inside: string): Expression {
  const [variable = "", ...rest] = inside.split("|").map((part) => part.trim());
  return {
    variable,
    filters: rest.map((part) => {
      const [name = "", ...argument] = part.split(":");
      return { name: name.trim(), argument: argument.join(":").trim() };
    }),
  };
}

function isFilter(name: string): name is FilterName {
  return Object.hasOwn(filters, name);
}

/** What stands in braces and is not among the `known` variables or the filters, each as it was written. */
export function unknownVariables(template: string, known: readonly string[]): readonly string[] {
  return [...template.matchAll(BRACES)].flatMap(([, inside = ""]) => {
    const { variable, filters: given } = parse(inside);
    const isKnown = known.includes(variable) || /^env:[A-Za-z_][A-Za-z0-9_]*$/u.test(variable);
    return [
      ...(isKnown ? [] : [variable]),
      ...given.flatMap(({ name, argument }) =>
        isFilter(name) && (name !== "first" || /^[1-9]\d{0,3}$/u.test(argument))
          ? []
          : [`${variable}|${isFilter(name) ? `${name}:${argument}` : name}`],
      ),
    ];
  });
}

/** Whether a template has this variable. */
export function mentions(template: string, variable: Variable): boolean {
  return [...template.matchAll(BRACES)].some(
    ([, inside = ""]) => parse(inside).variable === variable,
  );
}

/**
 * Fills every variable in; the template was checked with `unknownVariables`. Throws a `Problem` for a variable of
 * the environment that is not allowed or not set and has no default.
 */
export function fill(template: string, values: Values): string {
  return template.replace(BRACES, (whole, inside: string) => {
    const { variable, filters: given } = parse(inside);
    const value = valueOf(variable, values);
    const fallback = given.find(({ name }) => name === "default");
    if (value === undefined && fallback === undefined) {
      if (!variable.startsWith("env:")) return whole;
      throw unset(variable.slice("env:".length), template);
    }
    return given.reduce(
      (text, { name, argument }) => (isFilter(name) ? apply[name](text, argument) : text),
      value ?? "",
    );
  });
}

function valueOf(variable: string, values: Values): string | undefined {
  return Object.hasOwn(values, variable) ? values[variable as Variable] : undefined;
}

const apply: Readonly<Record<FilterName, (text: string, argument: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  first: (text, argument) => text.slice(0, Number(argument)),
  default: (text, argument) => (text === "" ? argument : text),
};

function unset(name: string, template: string): Problem {
  return new Problem(
    "template-unset",
    `${template}: the variable ${name} is not set or not allowed`,
    {
      hint: `set ${name} and allow it with \`template-env: ${name}\` (a flag, an input or GO_RELEASE_TEMPLATE_ENV), or write \`{env:${name}|default:…}\``,
    },
  );
}
