import { checkBinary } from "../go/inspection/check.ts";
import { inspect } from "../go/inspection/inspect.ts";
import type { Inspection } from "../model/binary.ts";
import type { BuildStep, Plan, PlannedProgram } from "../model/plan.ts";
import type { Files } from "../world/world.ts";

/** What a program says of itself. Throws a `Problem` where it is not what the plan says. */
export async function inspectBinary(
  path: string,
  expected: { readonly step: BuildStep; readonly program: PlannedProgram; readonly plan: Plan },
  files: Files,
): Promise<Inspection> {
  const file = await files.open(path);
  try {
    const inspection = await inspect(file, expected.program.binary);
    checkBinary(inspection, expected);
    return inspection;
  } finally {
    await file.close();
  }
}
