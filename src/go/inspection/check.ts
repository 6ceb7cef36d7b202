import type { Inspection } from "../../model/binary.ts";
import { Problem } from "../../model/problem.ts";
import { formatTarget } from "../../model/target.ts";
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
  return [
    ...checkMachine(inspection, expected.step),
    ...checkSettings(inspection.buildInfo.settings, expected),
    ...checkOrigin(inspection.buildInfo, expected),
  ];
}
