import { join } from "node:path";
import { type BuildResources, type GoBuildOptions, goBuild } from "../go/build.ts";
import { BuildFailed, compile } from "../go/compile.ts";
import { merged } from "../go/diagnostics.ts";
import type { BuildStep, PlannedProgram } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Stream } from "../world/world.ts";
import { GAVE_WAY } from "./build-turns.ts";
import type { GoReleaseRun } from "./release-run.ts";

/** A program as the compiler wrote it. */
export interface WrittenProgram {
  readonly program: PlannedProgram;
  readonly path: string;
}

/** All programs of a step, compiled into `out` when the budget allows. Throws a `Problem`. */
export async function compileStep(
  step: BuildStep,
  out: string,
  run: GoReleaseRun,
): Promise<readonly WrittenProgram[]> {
  const { files } = run.world;
  await files.makeFolder(out);
  await compileWithinBudget(step, out, run);
  return await Promise.all(
    step.programs.map(async (program) => {
      const path = await named(step, program, out, run);
      if ((await files.stat(path)) === undefined) throw notMade(step, program);
      return { program, path };
    }),
  );
}

async function compileWithinBudget(step: BuildStep, out: string, run: GoReleaseRun): Promise<void> {
  const { budget, journal, plan, signal, turns } = run;
  const { compilers } = budget.buildsOf(plan.builds.length);
  try {
    while ((await attempt(compilers, compilers)) === GAVE_WAY);
  } catch (error) {
    if (!(error instanceof BuildFailed && error.killed) || signal.aborted) throw told(error);
    journal.tell({
      type: "warning",
      message: `a compiler was killed in build ${step.id}: it is retried alone`,
    });
    turns.fewer();
    await attempt(1, budget.cores, { gc: "30" }).catch((again: unknown) => {
      throw told(again);
    });
  }

  async function attempt(
    compilers: number,
    cores: number,
    sparing: Partial<BuildResources> = {},
  ): Promise<typeof GAVE_WAY | undefined> {
    return await budget.use({ cores }, false, signal, () =>
      turns.take({ compilers, signal }, (turn) =>
        compiled(step, out, { ...turn, share: { compilers, ...turn.share, ...sparing } }, run),
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

/** What gives way is no failure: it is told, and made again. */
async function compiled(
  step: BuildStep,
  out: string,
  { share, signal }: { readonly share: BuildResources; readonly signal: AbortSignal },
  run: GoReleaseRun,
): Promise<undefined> {
  const temporary = await temporaryOf(step, run);
  const command = goBuild(step, { ...buildOptions(run), temporary, out, share });
  const gaveWay = (): boolean => signal.aborted && !run.signal.aborted;
  await run.journal.step(
    { kind: "build", of: step.id },
    async (onLine) => {
      try {
        await compile(step, command, { stream: tellingPaths(run), signal, onLine });
      } catch (error) {
        if (!gaveWay()) throw error;
      }
    },
    () => (gaveWay() ? "gave way, begins again" : undefined),
  );
  signal.throwIfAborted();
  return undefined;
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
