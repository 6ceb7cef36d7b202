import type { Diagnostic } from "../model/event.ts";
import type { BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Command, Exit, World } from "../world/world.ts";
import { cacheCure } from "./caches.ts";
import { buildCure } from "./cures.ts";
import { diagnosticsOf, formatDiagnostic } from "./diagnostics.ts";
import { hasFlag } from "./inspection/flags.ts";

/** A `go build` that failed, with what the compiler said. */
export class BuildFailed extends Problem {
  readonly diagnostics: readonly Diagnostic[];
  /** The kernel took its memory away: worth another try alone. */
  readonly killed: boolean;

  constructor(step: BuildStep, exit: Exit, lines: readonly string[]) {
    const target = formatTarget(step.target);
    const diagnostics = diagnosticsOf(lines, target);
    const killed = exit.signal === "SIGKILL" || lines.some((line) => KILLED.test(line));
    super("build", messageOf(step, exit, diagnostics), {
      hint: hintFor(lines, killed),
      step: { kind: "build", of: step.id },
      target,
    });
    this.diagnostics = diagnostics;
    this.killed = killed;
  }
}

/**
 * How memory's end is told: by `go` of its tools, by gcc and clang of theirs, by collect2 of the linker, and by
 * Go's runtime and the kernel where a limit refuses more of it.
 */
const KILLED =
  /signal: killed|: killed$|Killed signal terminated program|unable to execute command: Killed|signal 9 \[Killed\]|: out of memory|cannot allocate memory/u;

/** Runs one `go build` to its end. Throws `BuildFailed`. */
export async function compile(
  step: BuildStep,
  command: Command,
  {
    stream,
    signal,
    onLine,
  }: Pick<World, "stream"> & {
    readonly signal: AbortSignal;
    readonly onLine: (line: string) => void;
  },
): Promise<void> {
  const lines: string[] = [];
  const exit = await stream(command, {
    signal,
    onLine: (line) => {
      const progress = isPackage(line);
      if (!progress) lines.push(line);
      if (!progress || hasFlag(step.flags, "-v")) onLine(line);
    },
  });
  if (exit.status !== 0) throw new BuildFailed(step, exit, lines);
}

/** What `-v` says of each package that is compiled: its path alone (golang.org/x/mod/module, CheckImportPath). */
function isPackage(line: string): boolean {
  return /^[\w.~/+-]+$/u.test(line);
}

/** Lines of an error, without the manual that an unknown flag is answered with. */
const SHOWN = 10;

function messageOf(step: BuildStep, exit: Exit, diagnostics: readonly Diagnostic[]): string {
  const ended = exit.signal === null ? `exit status ${exit.status}` : `killed by ${exit.signal}`;
  const said = diagnostics.flatMap((diagnostic) => formatDiagnostic(diagnostic).split("\n"));
  const manual = said.findIndex((line) => line.startsWith("usage: "));
  const lines = manual < 0 ? said : said.slice(0, manual);
  const more = lines.length - SHOWN;
  return [
    `go build failed for ${step.id} (${ended})`,
    ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more lines`] : []),
  ].join("\n");
}

function hintFor(lines: readonly string[], killed: boolean): string {
  if (killed) return "the machine ran out of memory: lower `concurrency`, or use a larger machine";
  return (
    cacheCure(lines) ?? buildCure(lines.join("\n")) ?? "fix what the compiler reports and tag again"
  );
}
