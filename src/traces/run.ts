import type { Event } from "../model/event.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";

/** What is recorded of a run: compilers' lines and single requests belong to the log. */
export type Recorded = Exclude<Event, { readonly type: "output" | "requested" }>;

/** An event and its time, in milliseconds since 1970. */
export interface Moment {
  readonly at: number;
  readonly event: Recorded;
}

/** One run as it was told, from its start to its end. */
export interface TracedRun {
  readonly command: string;
  readonly start: number;
  readonly end: number;
  /** In the order in which they were told. */
  readonly moments: readonly Moment[];
}

export function planOf({ moments }: TracedRun): Plan | undefined {
  return moments.flatMap(({ event }) => (event.type === "planned" ? [event.plan] : []))[0];
}

export function manifestOf({ moments }: TracedRun): Manifest | undefined {
  return moments.flatMap(({ event }) => (event.type === "released" ? [event.manifest] : []))[0];
}

export function failureOf({ moments }: TracedRun): Problem | undefined {
  return moments.flatMap(({ event }) => (event.type === "failed" ? [event.problem] : []))[0];
}
