import { join } from "node:path";
import { digest } from "../checksums/digest.ts";
import type { Inspection } from "../model/binary.ts";
import type { BuildStep } from "../model/plan.ts";
import { afterBuild } from "./after-build.ts";
import { compileStep, type WrittenProgram } from "./compile-step.ts";
import { inspectBinary } from "./inspect-binary.ts";
import type { GoReleaseRun } from "./release-run.ts";
import { compileSlices, joinSlices } from "./universal.ts";

/** A compiled and inspected program, not yet packed. */
export interface BuiltBinary {
  readonly build: BuildStep;
  readonly name: string;
  /** Where it lies for now. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly inspection: Inspection;
}

/** One build step: compiled when the budget allows, then every binary read and compared with the plan. */
export async function buildAndInspect(
  step: BuildStep,
  run: GoReleaseRun,
): Promise<readonly BuiltBinary[]> {
  const place = run.plan.builds.indexOf(step);
  const out = join(run.output.binaries, String(place));
  if (step.slices === undefined) {
    const written = await compileStep(step, out, run);
    return await Promise.all(written.map((program) => inspected(step, program, run)));
  }
  const slices = await compileSlices(step, out, run);
  return await Promise.all(
    step.programs.map(async (program) => {
      const path = await joinSlices(program, slices, out, run);
      return await inspected(step, { program, path }, run);
    }),
  );
}

async function inspected(
  step: BuildStep,
  { program, path }: WrittenProgram,
  run: GoReleaseRun,
): Promise<BuiltBinary> {
  const { world, journal, plan } = run;
  const of = `${step.id} ${program.binary}`;
  const compiled = await journal.step({ kind: "inspect", of }, () =>
    inspectBinary(path, { step, program, plan }, world.files),
  );
  const inspection = await afterBuild({ step, program, path, inspection: compiled }, run);
  const { size, sha256 } = await digest(() => world.files.source(path));
  return { build: step, name: program.binary, path, size, sha256, inspection };
}
