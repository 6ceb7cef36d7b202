import type { BuildConfig, Config } from "../config/config.ts";
import { wordsOf } from "../config/shell-words.ts";
import type { Facts, ProgramFacts } from "../facts/facts.ts";
import { flag } from "../go/inspection/flags.ts";
import { chooseTargets } from "../go/targets.ts";
import { compiledTargets, isUniversal } from "../go/universal.ts";
import { zigTarget } from "../go/zig-targets.ts";
import { defined } from "../model/defined.ts";
import type { BuildStep, Plan, PlannedProgram } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { fill, mentions, type Values } from "../model/template.ts";
import { type ReleaseValues, targetValues } from "./names.ts";
import { executableSuffix, programName, selectPrograms } from "./programs.ts";
import { ldflagsFor } from "./stamps.ts";

interface BuildInputs {
  readonly config: Config;
  readonly facts: Facts;
}

/** One step for every row of `builds` and target, and the programs that are left out. */
export function buildSteps(
  { config, facts }: BuildInputs,
  values: ReleaseValues,
): Pick<Plan, "builds" | "skipped"> {
  const builds: BuildStep[] = [];
  const skipped: Plan["skipped"] = [];
  for (const [index, build] of config.builds.entries()) {
    assertModuleMode(build, facts);
    const selection = selectPrograms(
      facts.programs[index] ?? [],
      build.settings.main,
      facts.module.path,
    );
    if (build.settings.main.length === 0) skipped.push(...selection.skipped);
    for (const target of chooseTargets(build.settings.targets, facts.go.platforms)) {
      const here = selection.built.filter(({ platforms }) =>
        compiledTargets(target).every(({ os, arch }) => platforms.includes(`${os}/${arch}`)),
      );
      if (here.length > 0) builds.push(buildStep(build, target, here, values));
      else
        skipped.push({
          program: selection.built.map((program) => program.importPath).join(", "),
          reason: `has no files for ${formatTarget(target)}`,
        });
    }
  }
  if (config.builds.length > 1) {
    const names = new Set(
      builds.flatMap(({ programs }) => programs.map((program) => program.importPath)),
    );
    return { builds, skipped: skipped.filter(({ program }) => !names.has(program)) };
  }
  return { builds, skipped };
}

/** A step as it is, or with what differs in each architecture. */
function buildStep(
  build: BuildConfig,
  target: Target,
  programs: readonly ProgramFacts[],
  release: ReleaseValues,
): BuildStep {
  const whole = compiledStep(build, target, programs, release);
  if (!isUniversal(target)) return whole;
  const slices = compiledTargets(target).map((own) => {
    const { flags, ldflags, env } = compiledStep(build, own, programs, release);
    return { id: `${whole.id}/${own.arch}`, target: own, flags, ldflags, env };
  });
  return { ...whole, slices };
}

function compiledStep(
  build: BuildConfig,
  target: Target,
  programs: readonly ProgramFacts[],
  release: ReleaseValues,
): BuildStep {
  const { settings } = build;
  assertOneBinary(build, programs.length);
  const [first] = programs;
  const given = binaryOf(build, target, release);
  const name = given?.name ?? programName(first?.importPath ?? release.name);
  const values = targetValues(target, release, name);
  const filled = (templates: readonly string[]): string[] =>
    templates.map((template) => fill(template, values));
  assertZig(settings.env, target);
  const env = envOf(settings.env, values);
  const suffix = executableSuffix(target.os, target.arch);
  return {
    id: build.name === "" ? formatTarget(target) : `${build.name} ${formatTarget(target)}`,
    target,
    programs: programs.map(({ importPath, package: path }) => {
      const binary = given?.name ?? programName(importPath);
      return {
        importPath,
        package: path,
        binary: `${binary}${suffix}`,
        ...defined({ folder: given?.folder }),
        ...afterOf(build, (word) => fill(word, { ...values, binary })),
      };
    }),
    flags: filled(settings.flags),
    ldflags: filled(ldflagsFor(build, programs)).map(quotable),
    tags: [...settings.tags],
    env: { CGO_ENABLED: "0", ...env },
    static: proofOf(settings.static, env),
  };
}

function proofOf(
  asked: BuildConfig["settings"]["static"],
  env: BuildStep["env"],
): BuildStep["static"] {
  if (asked !== "auto") return asked;
  return env["CGO_ENABLED"] === "1" ? "report" : "required";
}

function envOf(env: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, fill(value, values)]),
  );
}

/** Of a universal program each architecture is a target of its own. */
function assertZig(env: Readonly<Record<string, string>>, target: Target): void {
  const asking = Object.entries(env).find(([, value]) => mentions(value, "zig-target"));
  if (asking === undefined || isUniversal(target) || zigTarget(target) !== undefined) return;
  const [name] = asking;
  throw new Problem(
    "zig-target",
    `env: ${name}: Zig has no C library for ${formatTarget(target)}`,
    {
      hint: "leave the target out, or give it another compiler with `overrides`",
    },
  );
}

/** The commands on a program; a word that is filled in stays one word. */
function afterOf(
  { settings: { afterBuild } }: BuildConfig,
  filled: (word: string) => string,
): Pick<PlannedProgram, "after"> {
  if (afterBuild.length === 0) return {};
  return { after: afterBuild.map((command) => wordsOf(command).map(filled)) };
}

/** A vendor folder is what is built where there is one; a flag that says otherwise would say nothing. */
function assertModuleMode({ settings }: BuildConfig, { module }: Facts): void {
  const mode = flag(settings.flags, "-mod");
  if (mode === undefined || (mode === "vendor") === module.vendored) return;
  throw module.vendored
    ? new Problem("flags-mod", `flags: -mod=${mode}, but the module has a vendor folder`, {
        hint: "remove the flag, since vendored modules are used; or remove the vendor folder",
      })
    : new Problem("flags-mod", `flags: -mod=${mode}, but there is no vendor/modules.txt`, {
        hint: "run `go mod vendor` and commit the vendor folder, or remove the flag",
      });
}

/** The name that was given for a program, and the folder before it. */
function binaryOf({ binary }: BuildConfig, target: Target, release: ReleaseValues) {
  if (binary === undefined) return undefined;
  // The suffix belongs to some platforms alone, and is theirs: nothing is called `tool.exe.exe`.
  const template = binary.replace(/\.(exe|wasm)$/iu, "");
  const path = fill(template, targetValues(target, release, release.name));
  const slash = path.lastIndexOf("/");
  return defined({
    name: path.slice(slash + 1),
    folder: slash < 0 ? undefined : path.slice(0, slash),
  });
}

/** `go build` takes linker flags as one text with quotes around and no escapes inside (cmd/internal/quoted). */
function quotable(flag: string): string {
  if (!(flag.includes("'") && flag.includes('"'))) return flag;
  throw new Problem("ldflags-quotes", `ldflags: ${flag} has both kinds of quotes`, {
    hint: "use only one kind: Go cannot pass both to the linker",
  });
}

/** All programs of a step are compiled at once, with the same flags: what names one of them needs a step of its own. */
function assertOneBinary({ binary, settings }: BuildConfig, programs: number): void {
  if (programs === 1) return;
  const hint = "give each program its own entry in `builds`";
  if (binary !== undefined) {
    throw new Problem(
      "binary-ambiguous",
      `builds: binary ${binary} names a single program, but \`main\` has ${programs}`,
      { hint },
    );
  }
  const templates = [...settings.flags, ...settings.ldflags, ...Object.values(settings.env)];
  const template = templates.find((one) => one.includes("{binary}"));
  if (template !== undefined) {
    throw new Problem(
      "binary-ambiguous",
      `${template}: {binary} names a single program, but \`main\` has ${programs}`,
      { hint },
    );
  }
}
