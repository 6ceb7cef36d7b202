import type { Event } from "../model/event.ts";
import type { IdentitySource } from "../model/identity.ts";
import type { ForgeKind } from "../model/plan.ts";
import type { Secret } from "../model/secret.ts";

/** What the place we run in says of itself; every field is a fact, none a decision. */
export interface Surroundings {
  readonly ci: boolean;
  /** Where the process was started; `working-directory` is relative to it. */
  readonly folder: string;
  /** The ref that started the run. */
  readonly ref?: { readonly kind: "tag" | "branch" | "pull-request"; readonly name: string };
  readonly commit?: string;
  /** The forge that this place belongs to. */
  readonly forge?: ForgeKind;
  readonly repository?: string;
  readonly apiUrl?: string;
  readonly serverUrl?: string;
  readonly token?: Secret;
  /** Whether anybody may read the project; absent when the place does not say. */
  readonly public?: boolean;
  readonly identity?: IdentitySource;
  /** SLSA's builder id and the run's URL; absent in a terminal. */
  readonly builder?: string;
  readonly runUrl?: string;
  readonly runId?: string;
}

export interface Outputs {
  readonly version: string;
  readonly tag: string;
  readonly "release-url": string;
  readonly manifest: string;
  readonly artifacts: string;
  readonly checksums: string;
  readonly bundle: string;
  readonly "dry-run": string;
}

/** Where we run. A host reads and speaks and decides nothing. */
export interface Host {
  /** Inputs as this place hands them over (`INPUT_…` on GitHub), by kebab-case name; blanks left out. */
  readonly inputs: Readonly<Record<string, string>>;
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
