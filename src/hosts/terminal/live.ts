import type { Event } from "../../model/event.ts";
import { formatStep, type Step } from "../../model/step.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import { formatDuration } from "../../report/table.ts";

interface RunningStep {
  readonly step: Step;
  readonly since: number;
}

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
    const lines = steps.map(
      ({ step, since }) => `  ${escapeControls(formatStep(step))}  ${formatDuration(now - since)}`,
    );
    const text = [`  ${this.#done} steps done, ${this.#running.size} at work`, ...lines]
      .map((line) => line.slice(0, Math.max(10, columns - 1)))
      .join("\n");
    this.#drawn = lines.length + 1;
    return `${text}\n`;
  }
}
