import type { Event } from "../../model/event.ts";
import { formatStep, type Step } from "../../model/step.ts";
import { formatDuration } from "../../report/table.ts";
import type { JobLog } from "./log.ts";

/** Keeps what each step prints until it ends, and then prints it in one piece. */
export class Steps {
  readonly #log: JobLog;
  readonly #open = new Map<string, { readonly at: number; readonly lines: string[] }>();

  constructor(log: JobLog) {
    this.#log = log;
  }

  start({ step, at }: Extract<Event, { type: "started" }>): void {
    this.#open.set(formatStep(step), { at, lines: [] });
  }

  note(step: Step, line: string): void {
    this.#open.get(formatStep(step))?.lines.push(line);
  }

  end({ step, at, error, detail }: Extract<Event, { type: "ended" }>): void {
    const name = formatStep(step);
    const { at: from, lines } = this.#open.get(name) ?? { at, lines: [] };
    this.#open.delete(name);
    const failed = error !== undefined;
    const title = `${failed ? "✗" : "✓"} ${name} (${formatDuration(at - from)})${detail === undefined ? "" : `  ${detail}`}`;
    const colour = failed ? "red" : "green";
    if (lines.length === 0) this.#log.say(title, colour);
    else this.#log.section(title, from, lines, failed, colour);
  }

  /** What never ended, as after a cancelled job. */
  close(at: number): void {
    for (const [name, { at: from, lines }] of this.#open) {
      if (lines.length > 0) this.#log.section(`… ${name}`, from, lines, true, "yellow");
      else this.#log.say(`… ${name} (stopped after ${formatDuration(at - from)})`, "yellow");
    }
    this.#open.clear();
  }
}
