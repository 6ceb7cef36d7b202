import type { Outputs } from "../config/outputs.ts";
import type { Event } from "../model/event.ts";
import type { Secret } from "../model/secret.ts";
import type { Surroundings } from "../model/surroundings.ts";

/** Where we run. A host reads and speaks and decides nothing. */
export interface Host {
  /**
   * Inputs as this place hands them over (`INPUT_…` on GitHub), by kebab-case name; blanks left out. Throws a
   * `Usage` for what cannot be read.
   */
  inputs(): Readonly<Record<string, string>>;
  readonly surroundings: Surroundings;
  /** Hides a value in this place's own log. */
  mask(secret: Secret): void;
  /** Called for everything that happens, in order. */
  tell(event: Event): void;
  /** Hands the results to later steps (`$GITHUB_OUTPUT`, dotenv). */
  output(outputs: Outputs): Promise<void>;
  /** Called last, with the exit status. */
  close(status: number): Promise<void>;
}
