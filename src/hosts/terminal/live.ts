import type { Event } from "../../model/event.ts";
import { formatStep } from "../../model/step.ts";
import { type RunningStep, runningText } from "../../report/step-text.ts";

/** The steps at work, redrawn in place below the lines that are done. Pure but for its own memory. */
export class LiveView {
  readonly #running = new Map<string, RunningStep>();
  #drawn = 0;
  #done = 0;

  note(event: Event): void {
    if (event.type === "started")
      this.#running.set(formatStep(event.step), { step: event.step, since: event.at });
    if (event.type === "ended") {
      this.#running.delete(formatStep(event.step));
      this.#done++;
    }
  }

  /** Control text that removes what was drawn last (ECMA-48: cursor up, erase below). */
  erase(): string {
    const up = this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\r\u001b[J`;
    this.#drawn = 0;
    return up;
  }

  /** The view for a screen `columns` wide and `rows` high. */
  draw(now: number, columns: number, rows: number): string {
    const steps = [...this.#running.values()].slice(0, Math.max(1, rows - 2));
    if (steps.length === 0) return "";
    const counts = { done: this.#done, running: this.#running.size };
    const lines = runningText(counts, steps, now).map((line) =>
      line.slice(0, Math.max(10, columns - 1)),
    );
    this.#drawn = lines.length;
    return `${lines.join("\n")}\n`;
  }
}
