import { join } from "node:path";
import { digest } from "../checksums/digest.ts";
import { type BuildResources, type GoBuildOptions, goBuild } from "../go/build.ts";
import { BuildFailed, compile } from "../go/compile.ts";
import { merged } from "../go/diagnostics.ts";
import type { Inspection } from "../model/binary.ts";
import type { BuildStep, PlannedProgram } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Stream } from "../world/world.ts";
import { inspectBinary } from "./inspect-binary.ts";
import type { GoReleaseRun } from "./release-run.ts";

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
  await run.world.files.makeFolder(out);
  await compileWithinBudget(step, out, run);
  return await Promise.all(step.programs.map((program) => inspected(step, program, out, run)));
}

async function compileWithinBudget(step: BuildStep, out: string, run: GoReleaseRun): Promise<void> {
  const { budget, journal, plan, signal } = run;
  const { compilers } = budget.buildsOf(plan.builds.length);
  try {
    await attempt({ compilers, memory: budget.memory, gc: "off" }, compilers);
  } catch (error) {
    if (!(error instanceof BuildFailed && error.killed) || signal.aborted) throw told(error);
    journal.tell({
      type: "warning",
      message: `a compiler was killed in build ${step.id}: it is retried alone`,
    });
    await attempt({ compilers: 1, memory: budget.memory, gc: "30" }, budget.cores).catch(
      (again: unknown) => {
        throw told(again);
      },
    );
  }

  async function attempt(share: BuildResources, cores: number): Promise<void> {
    const temporary = await temporaryOf(step, run);
    const command = goBuild(step, { ...buildOptions(run), temporary, out, share });
    await budget.use({ cores }, false, signal, () =>
      journal.step({ kind: "build", of: step.id }, (onLine) =>
        compile(step, command, { stream: tellingPaths(run), signal, onLine }),
      ),
    );
  }

  function told(error: unknown): unknown {
    if (error instanceof BuildFailed && !signal.aborted) {
      for (const diagnostic of merged(error.diagnostics))
        journal.tell({ type: "diagnosed", diagnostic });
    }
    return error;
  }
}

/**
 * Where Go keeps its own files meanwhile. cgo writes source files there, whose random path would be told in the program
 * where it lies below the module: `-trimpath` takes it for a part of the package.
 */
async function temporaryOf(
  { env }: BuildStep,
  { checkout, output }: GoReleaseRun,
): Promise<string> {
  if (checkout.temporary !== undefined) return checkout.temporary;
  return env["CGO_ENABLED"] === "0" ? output.temporary : await output.outside();
}

/** What compilers say of the checkout they see is told of the module's own folder. */
function tellingPaths({ world, checkout }: GoReleaseRun): Stream {
  return (command, options) =>
    world.stream(command, {
      ...options,
      onLine: (line, from) => options.onLine(checkout.told(line), from),
    });
}

function buildOptions({
  toolchain: { go, env },
  checkout,
  plan,
}: GoReleaseRun): Omit<GoBuildOptions, "out" | "share" | "temporary"> {
  return {
    toolchain: { go, env: { ...env, ...checkout.env } },
    folder: checkout.folder,
    flags: checkout.flags,
    vendored: plan.module.vendored,
  };
}

async function inspected(
  step: BuildStep,
  program: PlannedProgram,
  out: string,
  run: GoReleaseRun,
): Promise<BuiltBinary> {
  const { world, journal, plan } = run;
  const path = await named(step, program, out, run);
  if ((await world.files.stat(path)) === undefined) throw notMade(step, program);
  return await journal.step({ kind: "inspect", of: `${step.id} ${program.binary}` }, async () => {
    const inspection = await inspectBinary(path, { step, program, plan }, world.files);
    const { size, sha256 } = await digest(() => world.files.source(path));
    return { build: step, name: program.binary, path, size, sha256, inspection };
  });
}

function notMade({ id, target }: BuildStep, { binary }: PlannedProgram): Problem {
  return new Problem("binary-missing", `go build did not write ${binary} for ${id}`, {
    hint: "check whether `go` on PATH is a wrapper, and remove flags that keep it from writing the program",
    target: formatTarget(target),
  });
}

/** Of several programs `go` chose the names itself: the plan's suffix for wasm is not among them. */
async function named(
  step: BuildStep,
  program: PlannedProgram,
  out: string,
  { world }: GoReleaseRun,
): Promise<string> {
  const path = join(out, program.binary);
  const bare = join(out, program.binary.replace(/\.wasm$/u, ""));
  if (step.programs.length > 1 && bare !== path && (await world.files.stat(bare)) !== undefined)
    await world.files.rename(bare, path);
  return path;
}
