import { checkBinary } from "../go/inspection/check.ts";
import { inspectHeaders } from "../go/inspection/inspect.ts";
import type { Inspection } from "../model/binary.ts";
import type { BuildStep, PlannedProgram } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import { runHook } from "./hooks.ts";
import { inspectBinary } from "./inspect-binary.ts";
import type { GoReleaseRun } from "./release-run.ts";

/** A program that the compiler made and that was found to be what was planned. */
interface CompiledProgram {
  readonly step: BuildStep;
  readonly program: PlannedProgram;
  readonly path: string;
  readonly inspection: Inspection;
}

/** Runs the commands on a program and looks at what they made of it. Throws a `Problem` where that is another. */
export async function afterBuild(
  compiled: CompiledProgram,
  run: GoReleaseRun,
): Promise<Inspection> {
  const { step, program, path, inspection } = compiled;
  const { after = [] } = program;
  if (after.length === 0) return inspection;
  const { budget, folder, hooks, journal, signal, world } = run;
  const of = `${step.id} ${program.binary}`;
  for (const command of after) {
    const words = command.map((word) => word.replaceAll("{path}", path));
    await budget.use({ cores: 1 }, false, signal, () =>
      journal.step({ kind: "after-build", of }, (say) =>
        runHook({ input: "after-build", words, folder }, hooks, world, { signal, say }),
      ),
    );
  }
  return await journal.step({ kind: "inspect", of }, () => inspectedAgain(compiled, run));
}

async function inspectedAgain(
  { step, program, path, inspection }: CompiledProgram,
  { plan, world: { files } }: GoReleaseRun,
): Promise<Inspection> {
  if ((await files.stat(path))?.kind !== "file") {
    throw new Problem("hook", `after-build left no ${program.binary} for ${step.id}`, {
      hint: "write the result to `{path}` itself",
      target: formatTarget(step.target),
    });
  }
  const expected = { step, program, plan };
  try {
    return await inspectBinary(path, expected, files);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "binary-unreadable")) throw error;
  }
  // What packs a program hides what Go wrote into it; the compiler's own was read before.
  const file = await files.open(path);
  try {
    const hidden = { ...inspection, ...(await inspectHeaders(file, program.binary)) };
    checkBinary(hidden, expected);
    return hidden;
  } finally {
    await file.close();
  }
}
