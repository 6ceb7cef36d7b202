import type { BuildStep, Plan, Program } from "../../model/plan.ts";

/** What the plan says a binary is. */
export interface Expected {
  readonly step: BuildStep;
  readonly program: Program;
  readonly plan: Pick<Plan, "go" | "module" | "release">;
}

/** One thing that differs. */
export interface Fault {
  /** Continues "age for linux/amd64 …": actual first, then what was planned. */
  readonly is: string;
  readonly cure: string;
}
