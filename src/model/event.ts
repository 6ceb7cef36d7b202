import type { Manifest } from "./manifest.ts";
import type { Plan } from "./plan.ts";
import type { Problem } from "./problem.ts";
import type { Step } from "./step.ts";

/** A compiler's complaint, at most one for each place and message however many targets it broke. */
export interface Diagnostic {
  /** Relative to the module's folder. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly package?: string;
  readonly message: string;
  /** Formatted targets that it broke. */
  readonly targets: readonly string[];
}

/** A request over the network that was answered or not; told only where the log is asked for every detail. */
export interface RequestedEvent {
  readonly type: "requested";
  readonly method: string;
  /** Without query and credentials: either may hold a secret. */
  readonly url: string;
  /** The status, or the code of what kept an answer from coming. */
  readonly answer: number | string;
  /** Milliseconds until the answer's head was there. */
  readonly duration: number;
}

/** What a run tells those who watch it: hosts print it, traces record it. `at` is in milliseconds since 1970. */
export type Event =
  | { readonly type: "planned"; readonly plan: Plan; readonly at: number }
  | { readonly type: "started"; readonly step: Step; readonly at: number }
  | { readonly type: "output"; readonly step: Step; readonly line: string }
  | { readonly type: "diagnosed"; readonly diagnostic: Diagnostic }
  | {
      readonly type: "ended";
      readonly step: Step;
      readonly at: number;
      /** Present when it failed. */
      readonly error?: unknown;
      /** Something worth a few words, e.g. the size of what was packed. */
      readonly detail?: string;
    }
  | { readonly type: "notice" | "warning"; readonly message: string }
  | RequestedEvent
  | {
      readonly type: "released";
      readonly manifest: Manifest;
      readonly folder: string;
      readonly at: number;
    }
  | { readonly type: "failed"; readonly problem: Problem; readonly at: number };
