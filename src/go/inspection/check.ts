import type { Inspection } from "../../model/binary.ts";
import type { BuildStep, Plan, Program } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import { formatTarget } from "../../model/target.ts";
import { checkMachine } from "./check-machine.ts";
import { checkOrigin } from "./check-origin.ts";
import { checkSettings } from "./check-settings.ts";

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

/** Throws one `Problem` that lists everything in which a binary is not what the plan says. */
export function checkBinary(inspection: Inspection, expected: Expected): void {
  const faults = binaryFaults(inspection, expected);
  const [first] = faults;
  if (first === undefined) return;
  const target = formatTarget(expected.step.target);
  const subject = `${expected.program.binary} for ${target}`;
  const message =
    faults.length === 1
      ? `${subject} ${first.is}`
      : [`${subject} is not what was planned:`, ...faults.map(({ is }) => `  it ${is}`)].join("\n");
  const hint = [...new Set(faults.map(({ cure }) => cure))].join("\n");
  throw new Problem("binary-unexpected", message, { hint, target });
}

/** The faults themselves, gravest first. */
const binaryFaults = (inspection: Inspection, expected: Expected): readonly Fault[] => [
  ...checkMachine(inspection, expected.step),
  ...checkSettings(inspection.buildInfo.settings, expected.step),
  ...checkOrigin(inspection.buildInfo, expected),
];
