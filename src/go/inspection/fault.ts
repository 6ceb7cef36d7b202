import type { BuildStep, Plan, PlannedProgram } from "../../model/plan.ts";

/** What the plan says a binary is. */
export interface PlannedBinary {
  readonly step: BuildStep;
  readonly program: PlannedProgram;
  readonly plan: Pick<Plan, "go" | "goDefaults" | "module" | "release" | "modified">;
}

/** One thing that differs. */
export interface BinaryFault {
  /** Continues "age for linux/amd64 …": actual first, then what was planned. */
  readonly is: string;
  readonly cure: string;
}
