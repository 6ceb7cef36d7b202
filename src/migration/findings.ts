import { UnknownTemplate } from "./go-template.ts";

/** What became of one thing that a configuration said. */
export interface MigrationRow {
  /** `kept`: the same; `changed`: with another look; `left`: not carried over. */
  readonly outcome: "kept" | "changed" | "left";
  /** As it is written there, e.g. `archives[0].name_template`. */
  readonly key: string;
  readonly line?: number;
  /** What it is now, or why it was left and what replaces it. */
  readonly says: string;
}

/** Collects what became of everything, so that nothing is dropped without a line. */
export class MigrationFindings {
  readonly rows: MigrationRow[] = [];
  readonly #lineOf: (key: string) => number | undefined;

  constructor(lineOf: (key: string) => number | undefined) {
    this.#lineOf = lineOf;
  }

  kept(key: string, says: string): void {
    this.#add("kept", key, says);
  }

  changed(key: string, says: string): void {
    this.#add("changed", key, says);
  }

  left(key: string, says: string): void {
    this.#add("left", key, says);
  }

  /** What `translate` gives, or undefined and a row when a template has no counterpart. */
  attempt<T>(key: string, translate: () => T): T | undefined {
    try {
      return translate();
    } catch (error) {
      if (!(error instanceof UnknownTemplate)) throw error;
      this.left(
        key,
        `the template has ${error.message}, which has no equivalent: write it by hand`,
      );
      return undefined;
    }
  }

  #add(outcome: MigrationRow["outcome"], key: string, says: string): void {
    const line = this.#lineOf(/^[^.[]*/u.exec(key)?.[0] ?? key);
    this.rows.push({ outcome, key, says, ...(line === undefined ? {} : { line }) });
  }
}
