import type { Event } from "../model/event.ts";
import { formatStep, type Step } from "../model/step.ts";
import { escapeControls } from "./escape-controls.ts";
import { formatDuration } from "./table.ts";

export type EndedStep = Extract<Event, { readonly type: "ended" }>;

/** How a step ended, in one line: `✓ pack hello.zip (1.2 s, 3.4 MiB)`. `duration` is in milliseconds. */
export function endedText(
  { step, error, detail }: EndedStep,
  duration?: number,
  accent = (sign: string): string => sign,
): string {
  const facts = [
    ...(duration === undefined ? [] : [formatDuration(duration)]),
    ...(detail === undefined ? [] : [escapeControls(detail)]),
  ];
  const sign = accent(error === undefined ? "✓" : "✗");
  return `${sign} ${nameOf(step)}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

/** A step that never ended, as after a cancelled job. */
export function stoppedText(step: Step, duration?: number): string {
  const after = duration === undefined ? "" : ` after ${formatDuration(duration)}`;
  return `… ${nameOf(step)} (stopped${after})`;
}

/** A step that is at work. */
export interface RunningStep {
  readonly step: Step;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What is at work and for how long, under a line that counts. */
export function runningText(
  { done, running }: { readonly done: number; readonly running: number },
  shown: readonly RunningStep[],
  now: number,
): readonly string[] {
  return [
    `  ${done} ${done === 1 ? "step" : "steps"} done, ${running} running`,
    ...shown.map(({ step, since }) => `  ${nameOf(step)}  ${formatDuration(now - since)}`),
  ];
}

function nameOf(step: Step): string {
  return escapeControls(formatStep(step));
}
