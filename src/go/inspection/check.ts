import type { Inspection } from "../../model/binary.ts";
import type { BuildStep } from "../../model/plan.ts";
import { Problem } from "../../model/problem.ts";
import { formatTarget } from "../../model/target.ts";
import { compiledSteps } from "../universal.ts";
import { checkMachine } from "./check-machine.ts";
import { checkOrigin } from "./check-origin.ts";
import { checkSettings } from "./check-settings.ts";
import type { BinaryFault, PlannedBinary } from "./fault.ts";

/** Throws one `Problem` that lists everything in which a binary is not what the plan says. */
export function checkBinary(inspection: Inspection, expected: PlannedBinary): void {
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
function binaryFaults(inspection: Inspection, expected: PlannedBinary): readonly BinaryFault[] {
  const { step } = expected;
  if (step.slices !== undefined) {
    return compiledSteps(step).flatMap((slice) => faultsOfSlice(inspection, slice, expected));
  }
  return [
    ...checkMachine(inspection, expected.step),
    ...checkSettings(inspection.buildInfo.settings, expected),
    ...checkOrigin(inspection.buildInfo, expected),
  ];
}

/** One architecture of a universal program against its own step. */
function faultsOfSlice(
  { arch, slices = [] }: Inspection,
  step: BuildStep,
  expected: PlannedBinary,
): readonly BinaryFault[] {
  const own = slices.find((slice) => slice.arch === step.target.arch);
  if (own !== undefined) return binaryFaults(own, { ...expected, step });
  const is = slices.length === 0 ? `is for ${arch} alone` : `has no slice for ${step.target.arch}`;
  return [{ is, cure: "leave both architectures in it" }];
}
