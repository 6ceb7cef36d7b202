import type { Event } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import { failureSummary, failureTitle, releaseSummary } from "../../report/markdown.ts";
import { planSummary } from "../../report/plan-table.ts";
import { problemText } from "../../report/problem-text.ts";
import { whereText } from "../../report/release-text.ts";
import { requestText } from "../../report/request-text.ts";
import type { Random } from "../../world/world.ts";
import { Annotations } from "./annotations.ts";
import { ActionsLog, type Core, say } from "./log.ts";

/** Says to the runner what happens, and gathers what the run's page will show. */
export class RunReport {
  readonly #core: Core;
  readonly #log: ActionsLog;
  readonly #annotations: Annotations;
  /** What started the run, for those who wonder why nothing is published. */
  readonly #startedFor: string | undefined;
  #module = ".";
  #summary: string | undefined;

  constructor(core: Core, startedFor: string | undefined, random: Random) {
    this.#core = core;
    this.#log = new ActionsLog(core, random);
    this.#annotations = new Annotations(core, random);
    this.#startedFor = startedFor;
  }

  /** Markdown; undefined while there is nothing to show. */
  get summary(): string | undefined {
    return this.#summary;
  }

  tell(event: Event): void {
    switch (event.type) {
      case "planned":
        this.#module = event.plan.module.folder;
        return say(planSummary(event.plan, this.#startedFor), this.#core);
      case "started":
        return this.#log.started(event.step, event.at);
      case "output":
        return this.#log.output(event.step, event.line);
      case "ended":
        return this.#log.ended(event);
      case "diagnosed":
        return this.#annotations.diagnose(event.diagnostic, this.#module);
      case "notice":
        return this.#annotations.notice(event.message);
      case "warning":
        return this.#annotations.warn(event.message);
      case "requested":
        return this.#core.debug(escapeControls(requestText(event)));
      case "released":
        this.#summary = escapeControls(releaseSummary(event.manifest));
        return say(whereText(event.manifest, event.folder), this.#core);
      case "failed":
        return this.#fail(event.problem);
    }
  }

  /** Prints what was still running. */
  close(): void {
    this.#log.close();
  }

  /** What fails after the release leaves it as it is. */
  #fail(problem: Problem): void {
    this.#log.close();
    const title = failureTitle(this.#summary !== undefined);
    this.#summary = `${this.#summary ?? ""}${failureSummary(title, problem)}`;
    this.#annotations.fail(title, problemText(problem));
  }
}
