import type { BuildConfig, Config } from "../config/config.ts";
import { inputs } from "../config/inputs.ts";
import type { Facts, ProgramFacts, StampedPackage } from "../facts/facts.ts";
import type { GoDeclaration } from "../facts/go-declarations.ts";
import { type LinkerVariable, linkerVariables, withoutVariables } from "../go/linker-variables.ts";
import type { BuildStep } from "../model/plan.ts";

/** Whether nobody asked for these variables: then what cannot be set is left out, and what is not there is no fault. */
function isDefault({ settings }: BuildConfig): boolean {
  return settings.ldflags === inputs.ldflags.fallback;
}

/**
 * The linker's flags for some programs. Of the default ones those are left out that would fail the link, or that the
 * program overwrites when it starts.
 */
export function ldflagsFor(
  build: BuildConfig,
  programs: readonly ProgramFacts[],
): readonly string[] {
  const { ldflags } = build.settings;
  if (!isDefault(build)) return ldflags;
  return withoutVariables(ldflags, ({ name }) =>
    programs.some(({ declarations }) => {
      const kind = find(declarations, name)?.kind;
      return kind === "other" || kind === "computed";
    }),
  );
}

/** The linker says nothing of a variable that it cannot set, but for one of another type. */
export function stampNotices(
  { builds }: Pick<Config, "builds">,
  { programs, stamped }: Pick<Facts, "programs" | "stamped">,
  steps: readonly BuildStep[],
): readonly string[] {
  const built = new Set(steps.flatMap((step) => step.programs.map(({ importPath }) => importPath)));
  const notices = builds.flatMap((build, row) => {
    const own = (programs[row] ?? []).filter(({ importPath }) => built.has(importPath));
    return linkerVariables(build.settings.ldflags).flatMap((variable) =>
      variable.package === "main"
        ? ofPrograms(variable, own, isDefault(build))
        : ofPackage(variable, own, stamped),
    );
  });
  return [...new Set(notices)];
}

/** One variable of programs that are linked with the same flags: it is enough that one of them has it. */
function ofPrograms(
  variable: LinkerVariable,
  programs: readonly ProgramFacts[],
  byDefault: boolean,
): readonly string[] {
  const obstacles = programs.flatMap(({ importPath, declarations }) => {
    const declared = find(declarations, variable.name);
    const why = declared === undefined ? undefined : obstacleOf(declared);
    return why === undefined ? [] : [cannotSet(variable, why, importPath)];
  });
  const known = programs.some(({ declarations }) => find(declarations, variable.name));
  if (known || obstacles.length > 0) return obstacles;
  const near = programs.flatMap(({ importPath, declarations }) =>
    nearly(declarations, variable).map((why) => cannotSet(variable, why, importPath)),
  );
  if (near.length > 0 || byDefault || programs.length === 0) return near;
  const names = programs.map(({ importPath }) => importPath).join(", ");
  return [cannotSet(variable, "there is no such variable", names)];
}

function ofPackage(
  variable: LinkerVariable,
  programs: readonly ProgramFacts[],
  stamped: readonly StampedPackage[],
): readonly string[] {
  if (programs.some(({ importPath }) => importPath === variable.package))
    return [
      cannotSet(
        variable,
        `the linker calls a program's own package main: use main.${variable.name}`,
      ),
    ];
  const found = stamped.find(({ path }) => path === variable.package);
  if (found === undefined || found.state === "unknown") return [];
  if (found.state === "absent") {
    const meant = found.meant === undefined ? "" : `; ${found.meant} is probably meant`;
    return [cannotSet(variable, `there is no such package${meant}`)];
  }
  return unsettable(variable, found.declarations);
}

/** Why a package's variable cannot be set; nothing when it can. */
export function unsettable(
  variable: LinkerVariable,
  declarations: readonly GoDeclaration[],
): readonly string[] {
  const declared = find(declarations, variable.name);
  if (declared === undefined) {
    const [near = "there is no such variable"] = nearly(declarations, variable);
    return [cannotSet(variable, near)];
  }
  const why = obstacleOf(declared);
  return why === undefined ? [] : [cannotSet(variable, why)];
}

function obstacleOf({ kind }: GoDeclaration): string | undefined {
  switch (kind) {
    case "string":
      return undefined;
    case "constant":
      return "it is a constant; declare it with `var`";
    case "computed":
      return "its value is computed when the program starts; initialize it with a string literal, or not at all";
    case "other":
      return "it is not a string";
  }
}

/** A name in other letters is meant to be set. */
function nearly(
  declarations: readonly GoDeclaration[] | undefined,
  { name }: LinkerVariable,
): readonly string[] {
  const meant = declarations?.find(
    (one) => one.kind === "string" && one.name.toLowerCase() === name.toLowerCase(),
  );
  return meant === undefined ? [] : [`it is declared as ${meant.name} there`];
}

/** The words for a variable that stays as it is. */
export function cannotSet(variable: LinkerVariable, why: string, program?: string): string {
  const of = program === undefined ? "" : ` of ${program}`;
  return `\`ldflags\` cannot set ${variable.package}.${variable.name}${of}: ${why}`;
}

function find(
  declarations: readonly GoDeclaration[] | undefined,
  name: string,
): GoDeclaration | undefined {
  return declarations?.find((one) => one.name === name);
}
