import { InvalidConfig } from "../config/config-error.ts";
import { FailedChecks } from "../model/check.ts";
import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";
import { formatStep } from "../model/step.ts";
import { escapeControls } from "./escape-controls.ts";

/** A failure with its whole chain, for people: what failed, where, why, and the cure last. */
export function problemText(problem: Problem): string {
  const [first = "", ...more] = problem.message.split("\n");
  const hint = deepestHint(problem);
  const lines = [
    `${first}${whereOf(problem)}`,
    ...more,
    ...unsaid(problem).map((cause) => `  because ${cause}`),
    ...(hint === undefined ? [] : [`  → ${hint.replace(/\n/gu, "\n    ")}`]),
  ];
  return escapeControls(lines.join("\n"));
}

/** The step it happened in, unless the message names what it worked on already. */
function whereOf({ step, message }: Problem): string {
  if (step === undefined) return "";
  const isNamed = message.includes(step.of) && message.includes(step.build ?? "");
  return isNamed ? "" : ` (${formatStep(step)})`;
}

/** The same as fields, for `--json` and traces. */
export function fields(problem: Problem): Readonly<Record<string, unknown>> {
  return defined({
    code: problem.code,
    message: problem.message,
    hint: problem.hint,
    step: problem.step,
    target: problem.target,
    ...(problem instanceof InvalidConfig ? { faults: problem.faults } : {}),
    ...(problem instanceof FailedChecks ? { checks: problem.lines } : {}),
    causes: causes(problem.cause),
  });
}

/** The chain underneath, outermost first; ends where it repeats itself. */
function causes(cause: unknown): readonly string[] {
  const found: string[] = [];
  for (let error = cause; error instanceof Error && found.length < 10; error = error.cause) {
    if (error.message !== "" && !found.includes(error.message)) found.push(error.message);
  }
  return found;
}

/** A message that quotes its cause has said it. */
function unsaid({ message, cause }: Problem): readonly string[] {
  return causes(cause).filter((one) => !message.includes(one));
}

function deepestHint(problem: Problem): string | undefined {
  return (
    problem.hint ?? (problem.cause instanceof Problem ? deepestHint(problem.cause) : undefined)
  );
}
