import type { Event } from "../../model/event.ts";
import { formatStep, type Step } from "../../model/step.ts";
import { type EndedStep, endedText, stoppedText } from "../../report/step-text.ts";
import type { JobLog } from "./log.ts";

interface OpenStep {
  readonly step: Step;
  readonly at: number;
  readonly lines: string[];
}

/** Keeps what each step prints until it ends, and then prints it in one piece. */
export class Steps {
  readonly #log: JobLog;
  readonly #open = new Map<string, OpenStep>();

  constructor(log: JobLog) {
    this.#log = log;
  }

  start({ step, at }: Extract<Event, { type: "started" }>): void {
    this.#open.set(formatStep(step), { step, at, lines: [] });
  }

  note(step: Step, line: string): void {
    this.#open.get(formatStep(step))?.lines.push(line);
  }

  end(event: EndedStep): void {
    const name = formatStep(event.step);
    const { at: from, lines } = this.#open.get(name) ?? { at: event.at, lines: [] };
    this.#open.delete(name);
    const failed = event.error !== undefined;
    const title = endedText(event, event.at - from);
    const colour = failed ? "red" : "green";
    if (lines.length === 0) this.#log.say(title, colour);
    else this.#log.section(title, from, lines, failed, colour);
  }

  /** What never ended, as after a cancelled job. */
  close(at: number): void {
    for (const { step, at: from, lines } of this.#open.values()) {
      const title = stoppedText(step, at - from);
      if (lines.length > 0) this.#log.section(title, from, lines, true, "yellow");
      else this.#log.say(title, "yellow");
    }
    this.#open.clear();
  }
}
