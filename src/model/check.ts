import { defined } from "./defined.ts";
import { Problem } from "./problem.ts";

/** What became of looking at one thing that a release needs. */
export interface Sighting {
  readonly result: "ok" | "will fail" | "cannot tell";
  /** In words: what is right, what is wrong, or why nobody can know. */
  readonly detail: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** One line of what `check` finds. */
export interface CheckLine extends Sighting {
  /** e.g. `token`. */
  readonly what: string;
}

/** One thing that a release needs, not looked at yet. Throws a `Problem` for what will fail. */
export interface Check {
  readonly what: string;
  readonly look: (signal?: AbortSignal) => Promise<Sighting>;
}

export function isOk(detail: string): Sighting {
  return { result: "ok", detail };
}

export function isUnknown(detail: string, cure?: string): Sighting {
  return defined({ result: "cannot tell" as const, detail, cure });
}

/** Some of what a release needs would fail it. Its lines are all that was looked at. */
export class FailedChecks extends Problem {
  readonly lines: readonly CheckLine[];

  constructor(lines: readonly CheckLine[]) {
    const failed = lines.filter(({ result }) => result === "will fail");
    const told = failed.map(({ what, detail }) => `  ${what}: ${detail}`);
    super(
      "check",
      [`a release would fail: ${failed.length} of ${lines.length} checks`, ...told].join("\n"),
      { hint: cureOf(failed) },
    );
    this.lines = lines;
  }
}

function cureOf(failed: readonly CheckLine[]): string {
  const [first] = failed;
  return failed.length === 1 && first?.cure !== undefined
    ? first.cure
    : "each line of the table has its cure";
}
