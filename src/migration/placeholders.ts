import { UNIVERSAL } from "../go/universal.ts";
import { defined } from "../model/defined.ts";
import type { Target } from "../model/target.ts";
import {
  evaluate,
  type Field,
  type Lookup,
  parseTemplate,
  UnknownTemplate,
} from "./go-template.ts";

/** What a configuration says that its templates may use. */
export interface TemplateScope {
  /** The `env` of the file: names and values that are written there. */
  readonly env: Readonly<Record<string, string>>;
  /** The `variables` of the file. */
  readonly variables: Readonly<Record<string, string>>;
  readonly project: string;
  /** How many digits git writes of a shortened hash; fewer than ours has. */
  readonly shortened: number;
  /** How an old configuration writes `Os` and `Arch`. */
  readonly replacements?: Readonly<Record<string, string>>;
  /** Whether the text stands around notes, which alone may name the previous tag. */
  readonly aroundNotes?: boolean;
}

/** Fields that are one of our variables, by GoReleaser's name (goreleaser.com/customization/templates). */
const ours: Readonly<Record<string, string>> = {
  ProjectName: "name",
  Version: "version",
  RawVersion: "version",
  Tag: "tag",
  // `git describe` of a commit that has the tag.
  Summary: "tag",
  Major: "major",
  Minor: "minor",
  Patch: "patch",
  Commit: "commit",
  FullCommit: "commit",
  // Ours is the commit's: a build that says when it was made is never the same twice.
  Date: "date",
  CommitDate: "date",
  Timestamp: "timestamp",
  CommitTimestamp: "timestamp",
  Branch: "branch",
  Binary: "binary",
  // Of hooks alone.
  Path: "path",
};

/** What a release is not: those are of snapshots, of nightly builds, or of GoReleaser's own machine. */
const never = new Set(["IsSnapshot", "IsNightly", "IsDraft", "IsGitDirty", "IsSingleTarget"]);

const OPEN = "\uE000";
const CLOSE = "\uE001";

/** A variable of ours, as a value that templates can carry along. */
function placeholder(inside: string): string {
  return OPEN + inside + CLOSE;
}

function isPlaceholder(value: Field): value is string {
  return typeof value === "string" && /^\uE000[^\uE000\uE001]*\uE001$/u.test(value);
}

function holdsPlaceholder(value: Field): boolean {
  return typeof value === "string" && value.includes(OPEN);
}

/** With our braces instead of the marks. */
function written(text: string): string {
  return text.replaceAll(OPEN, "{").replaceAll(CLOSE, "}");
}

/** What GoReleaser's fields hold for one target; `all` is a universal binary. */
export interface TargetFields {
  readonly target: Target;
  readonly binary?: string;
}

/**
 * GoReleaser's text for one target, or for none, in our templates. Throws `UnknownTemplate` for what has no
 * counterpart.
 */
export function translated(template: string, scope: TemplateScope, at?: TargetFields): string {
  return written(evaluate(parseTemplate(template), lookupOf(scope, at)));
}

/**
 * A text in which nothing is filled in later, as paths of files and descriptions are: the project's name alone may be in
 * it. Throws `UnknownTemplate` for what differs from release to release.
 */
export function literalText(template: string, scope: TemplateScope): string {
  const own = template.replaceAll(".PackageName", ".ProjectName");
  const text = evaluate(parseTemplate(own), lookupOf(scope)).replaceAll(
    `${OPEN}name${CLOSE}`,
    scope.project,
  );
  if (holdsPlaceholder(text))
    throw new UnknownTemplate(`\`${written(text)}\`, where no variable may stand`);
  return text;
}

export function lookupOf(scope: TemplateScope, at?: TargetFields): Lookup {
  const fields = at === undefined ? {} : targetFields(at, scope);
  return {
    field: (path) => fieldOf(path, scope, fields),
    call: (name, args) => calls[name]?.(args, scope) ?? guarded(name, args),
  };
}

function fieldOf(
  [first = "", second = ""]: readonly string[],
  scope: TemplateScope,
  fields: Readonly<Record<string, string>>,
): Field {
  if (first === "Env") return scope.env[second] ?? placeholder(`env:${second}`);
  if (first === "Var") return scope.variables[second] ?? "";
  if (first === "Runtime") return second === "Goos" ? "linux" : "amd64";
  if (Object.hasOwn(fields, first)) return fields[first];
  if (never.has(first)) return false;
  if (first === "IsRelease") return true;
  if (first === "PreviousTag" && scope.aroundNotes === true) return placeholder("previous-tag");
  if (first === "ShortCommit") return placeholder(`commit|first:${scope.shortened}`);
  const variable = ours[first];
  if (variable === undefined) throw new UnknownTemplate(`\`.${first}\``);
  return placeholder(variable);
}

/** The levels as GoReleaser's fields have them: Go's default is written out for amd64 alone. */
function targetFields(
  { target: { os, arch, level }, binary }: TargetFields,
  { replacements = {} }: TemplateScope,
) {
  const of = (name: string, fallback = ""): string => (arch === name ? (level ?? fallback) : "");
  return defined({
    Os: replacements[os] ?? os,
    Arch: replacements[arch] ?? (arch === UNIVERSAL ? "all" : arch),
    Ext: os === "windows" ? ".exe" : "",
    Arm: of("arm", "6"),
    Amd64: of("amd64", "v1"),
    Arm64: of("arm64", "v8.0"),
    I386: of("386", "sse2"),
    Mips: arch.startsWith("mips") ? (level ?? "hardfloat") : "",
    Ppc64: arch.startsWith("ppc64") ? (level ?? "power8") : "",
    Riscv64: of("riscv64", "rva20u64"),
    Target: [os, arch, level].filter((part) => part !== undefined).join("_"),
    Binary: binary,
  }) as Readonly<Record<string, string>>;
}

type Call = (args: readonly Field[], scope: TemplateScope) => Field;

function filter(name: string): Call {
  return ([value]) => (isPlaceholder(value) ? `${value.slice(0, -1)}|${name}${CLOSE}` : undefined);
}

/** Functions that have a counterpart of ours when they are given a variable. */
const calls: Readonly<Record<string, Call>> = {
  title: filter("title"),
  tolower: filter("lower"),
  toupper: filter("upper"),
  time: ([layout]) => (layout === "2006-01-02" ? placeholder("day") : undefined),
  index: ([, name], scope) => scope.env[String(name)] ?? placeholder(`env:${name}`),
  envOrDefault: ([name, fallback], scope) =>
    scope.env[String(name)] ?? placeholder(`env:${name}|default:${fallback}`),
  isEnvSet: ([name], scope) => Object.hasOwn(scope.env, String(name)),
  filter: () => undefined,
};

/** What would look into a variable cannot be known before there is a release. */
function guarded(name: string, args: readonly Field[]): Field {
  const looks = !/^(print|printf|not|and|or)$/u.test(name);
  if (looks && args.some(holdsPlaceholder)) {
    const shown = written(String(args.find(holdsPlaceholder)));
    throw new UnknownTemplate(`\`${name}\` of ${shown}`);
  }
  return undefined;
}

/** The variables of the environment that a translated text uses. */
export function environmentOf(text: string): readonly string[] {
  return [...text.matchAll(/\{env:([A-Za-z_][A-Za-z0-9_]*)/gu)].map(([, name = ""]) => name);
}
