/** What may stand in braces in `archive-name`, `ldflags`, `flags`, `env` and `title`. */
export const variables = {
  name: "project name",
  version: "SemVer without `v`",
  tag: "the tag, `v` included; `v` and the version for a snapshot",
  os: "GOOS",
  arch: "GOARCH",
  level: "GOAMD64, GOARM … as given in the target, or Go's default",
  commit: "full hash",
  "short-commit": "its first 12 characters",
  date: "the commit's date, ISO 8601",
  binary: "name of the program, without `.exe`",
  "os-title": "as `uname -s` prints it: Linux, Darwin, Windows",
  "arch-uname": "as `uname -m` prints it: x86_64, aarch64, armv7l",
} as const;

export type Variable = keyof typeof variables;
export type Values = Readonly<Record<Variable, string>>;

const BRACES = /\{([^{}]*)\}/gu;

function isVariable(name: string): name is Variable {
  return Object.hasOwn(variables, name);
}

/** The names in braces that are not among the `known` variables. */
export function unknownVariables(template: string, known: readonly string[]): readonly string[] {
  return [...template.matchAll(BRACES)]
    .map(([, name = ""]) => name)
    .filter((name) => !known.includes(name));
}

/** Fills every variable in; the template was checked with `unknownVariables`. */
export function fill(template: string, values: Values): string {
  return template.replace(BRACES, (whole, name: string) =>
    isVariable(name) ? values[name] : whole,
  );
}
