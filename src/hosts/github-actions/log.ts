import { formatStep, type Step } from "../../model/step.ts";
import { escapeControls, escapeUnseen } from "../../report/escape-controls.ts";
import { type EndedStep, endedText, stoppedText } from "../../report/step-text.ts";
import type { Random } from "../../world/world.ts";

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
  readonly #random: Random;
  readonly #running = new Map<string, OpenGroup>();

  constructor(core: Core, random: Random) {
    this.#core = core;
    this.#random = random;
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
    quote(lines, this.#core, this.#random);
    this.#core.endGroup();
  }
}

/** Text of ours, with names in it that others chose. */
export function say(text: string, core: Pick<Core, "info">): void {
  core.info(escapeControls(text));
}

/** Lines that others wrote, between tokens that keep the runner from obeying them. */
export function quote(lines: readonly string[], core: Pick<Core, "info">, random: Random): void {
  const token = Buffer.from(random(16)).toString("hex");
  core.info(`::stop-commands::${token}`);
  for (const line of lines) core.info(escapeUnseen(line));
  core.info(`::${token}::`);
}
