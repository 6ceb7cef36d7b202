import { posix } from "node:path";
import type { ProgramFacts } from "../facts/facts.ts";
import { listed } from "../facts/tags.ts";
import { Problem } from "../model/problem.ts";

export interface Selection {
  readonly built: readonly ProgramFacts[];
  readonly skipped: readonly { readonly program: string; readonly reason: string }[];
}

/**
 * The programs to build. Given ones are taken as they are; otherwise the module's root when it is a program,
 * else every program under `cmd/`, else every program outside `internal/`, tests and examples.
 */
export function selectPrograms(
  programs: readonly ProgramFacts[],
  given: readonly string[],
  module: string,
): Selection {
  const buildable = programs.filter(({ platforms }) => platforms.length > 0);
  const built = given.length > 0 ? buildable : byDefault(buildable);
  if (built.length === 0) throw nothing(programs, given, module);
  const skipped = programs
    .filter((program) => !built.includes(program))
    .map((program) => ({
      program: program.importPath,
      reason:
        program.platforms.length === 0
          ? "has no files for any of the targets"
          : "not part of the default of `main`",
    }));
  return { built, skipped };
}

function byDefault(programs: readonly ProgramFacts[]): readonly ProgramFacts[] {
  const root = programs.filter((program) => program.package === ".");
  if (root.length > 0) return root;
  const commands = programs.filter(
    // What lies at the end is the program's own name: `cmd/tool` is a command.
    (program) => program.package.startsWith("./cmd/") && !aside(posix.dirname(program.package)),
  );
  return commands.length > 0 ? commands : programs.filter((program) => !aside(program.package));
}

/** Folders whose programs are for the module's own use or for its readers. */
function aside(folder: string): boolean {
  return folder
    .split("/")
    .some((part) =>
      /^(internal|tests?|testdata|e2e|examples?|_examples?|samples?|tools?|hack|scripts?|benchmarks?)$/u.test(
        part,
      ),
    );
}

function nothing(
  programs: readonly ProgramFacts[],
  given: readonly string[],
  module: string,
): Problem {
  if (programs.length === 0 && given.length === 0) {
    return new Problem("no-programs", `module ${module} has no program: no package is named main`, {
      hint: "a library is released by its tag alone; for a program in a nested module set `working-directory`, for one that imports C set `env: CGO_ENABLED=1`",
    });
  }
  const names = listed(given.length > 0 ? given : programs.map((program) => program.package));
  return new Problem(
    "no-programs",
    given.length > 0
      ? `main: ${names} has no files for any of the targets`
      : `module ${module} has only programs that are not released by default or are for other targets: ${names}`,
    {
      hint: "select them with `main` and `targets`; files that import C need `env: CGO_ENABLED=1`",
    },
  );
}

/**
 * As `go install` names it: the last element of the import path, or the one before a major version's
 * (cmd/go/internal/load, DefaultExecName).
 */
export function programName(importPath: string): string {
  const parts = importPath.split("/");
  const last = parts.at(-1) ?? importPath;
  const chosen = /^v([2-9]|[1-9]\d+)$/u.test(last) ? (parts.at(-2) ?? last) : last;
  return chosen.replace(/\.v\d+$/u, "");
}

export function executableSuffix(os: string, arch: string): string {
  if (os === "windows") return ".exe";
  return arch === "wasm" ? ".wasm" : "";
}
