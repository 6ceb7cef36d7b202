import { defined } from "./defined.ts";
import type { Step } from "./step.ts";

export interface ProblemOptions {
  /** What the reader does to mend it: one imperative sentence or the lines to add. */
  readonly hint?: string;
  /** What went wrong underneath; kept as the error's chain. */
  readonly cause?: unknown;
  /** The step it happened in. */
  readonly step?: Step;
  /** The target it happened for, e.g. `linux/arm/7`. */
  readonly target?: string;
}

/**
 * A failure that the user can mend: it names the thing and the cure, never a secret.
 * `code` is stable and kebab-case. Anything else that is thrown is a bug of ours and keeps its stack.
 */
export class Problem extends Error {
  override readonly name: string = "Problem";
  readonly code: string;
  readonly hint: string | undefined;
  readonly step: Step | undefined;
  readonly target: string | undefined;

  constructor(code: string, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.step = options.step;
    this.target = options.target;
  }

  /** The same problem, with the step and target in which it surfaced where it named none itself. */
  in(step: Step, target?: string): Problem {
    if (this.step !== undefined) return this;
    return new Problem(
      this.code,
      this.message,
      defined({
        hint: this.hint,
        target,
        cause: this.cause,
        step,
      }),
    );
  }
}

/** A mistake in the command line or the configuration: exit status 2. */
export class Usage extends Problem {
  override readonly name = "Usage";
  constructor(message: string, options: ProblemOptions = {}) {
    super("usage", message, options);
  }
}
