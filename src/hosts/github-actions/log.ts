import { randomUUID } from "node:crypto";
import { formatStep, type Step } from "../../model/step.ts";
import { escapeControls, escapeUnseen } from "../../report/escape-controls.ts";
import { type EndedStep, endedText, stoppedText } from "../../report/step-text.ts";

/** The parts of `@actions/core` that speak to the runner. */
export type Core = Pick<
  typeof import("@actions/core"),
  | "setSecret"
  | "setOutput"
  | "startGroup"
  | "endGroup"
  | "info"
  | "debug"
  | "notice"
  | "warning"
  | "error"
  | "summary"
>;

interface OpenGroup {
  readonly step: Step;
  readonly at: number;
  readonly lines: string[];
}

/** The log of parallel steps: what a step prints is kept until it ends and then stands together in one group. */
export class ActionsLog {
  readonly #core: Core;
  readonly #running = new Map<string, OpenGroup>();

  constructor(core: Core) {
    this.#core = core;
  }

  started(step: Step, at: number): void {
    this.#running.set(formatStep(step), { step, at, lines: [] });
  }

  output(step: Step, line: string): void {
    this.#running.get(formatStep(step))?.lines.push(line);
  }

  ended(event: EndedStep): void {
    const name = formatStep(event.step);
    const { at: start, lines } = this.#running.get(name) ?? { at: event.at, lines: [] };
    this.#running.delete(name);
    this.#print(endedText(event, event.at - start), lines);
  }

  /** What was still running when the run stopped. */
  close(): void {
    for (const { step, lines } of this.#running.values())
      if (lines.length > 0) this.#print(stoppedText(step), lines);
    this.#running.clear();
  }

  #print(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return say(title, this.#core);
    this.#core.startGroup(escapeControls(title));
    quote(lines, this.#core);
    this.#core.endGroup();
  }
}

/** Text of ours, with names in it that others chose. */
export function say(text: string, core: Pick<Core, "info">): void {
  core.info(escapeControls(text));
}

/** Lines that others wrote, between tokens that keep the runner from obeying them. */
export function quote(lines: readonly string[], core: Pick<Core, "info">): void {
  const token = randomUUID();
  core.info(`::stop-commands::${token}`);
  for (const line of lines) core.info(escapeUnseen(line));
  core.info(`::${token}::`);
}
