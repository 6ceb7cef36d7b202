import { posix } from "node:path";
import { defined } from "../../model/defined.ts";
import type { Diagnostic } from "../../model/event.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import type { Random } from "../../world/world.ts";
import { type Core, quote } from "./log.ts";

/** GitHub shows ten annotations of each type for a step; what comes after goes to the log. */
const MOST = 10;

type Level = "error" | "warning" | "notice";

/** Errors, warnings and notices beside the code they are about, each once. */
export class Annotations {
  readonly #core: Core;
  readonly #random: Random;
  readonly #seen = new Set<string>();
  readonly #counts: Record<Level, number> = { error: 0, warning: 0, notice: 0 };

  constructor(core: Core, random: Random) {
    this.#core = core;
    this.#random = random;
  }

  /** `folder` is the module's, relative to the repository's root. One place is kept for the failure itself. */
  diagnose({ file, line, column, message, targets }: Diagnostic, folder: string): void {
    const place =
      file === undefined ? {} : { file: posix.join(folder, file.replaceAll("\\", "/")) };
    const title = targets.length === 0 ? "go build" : `go build (${targets.join(", ")})`;
    const at = defined({
      ...place,
      startLine: line,
      startColumn: column,
    });
    if (!this.#isNew("error", `${JSON.stringify(at)} ${message}`, MOST - 1)) return;
    this.#core.error(escapeControls(message), { title: escapeControls(title), ...at });
  }

  fail(title: string, message: string): void {
    if (this.#isNew("error", message, MOST)) this.#core.error(escapeControls(message), { title });
  }

  warn(message: string): void {
    if (this.#isNew("warning", message, MOST)) this.#core.warning(escapeControls(message));
  }

  notice(message: string): void {
    if (this.#isNew("notice", message, MOST)) this.#core.notice(escapeControls(message));
  }

  #isNew(type: Level, key: string, most: number): boolean {
    if (this.#seen.has(`${type} ${key}`)) return false;
    this.#seen.add(`${type} ${key}`);
    this.#counts[type] += 1;
    if (this.#counts[type] <= most) return true;
    quote(key.split("\n"), this.#core, this.#random);
    return false;
  }
}
