import { listWithoutOutput } from "../facts/hidden-output.ts";
import { listed } from "../facts/tags.ts";
import { targetEnvironment } from "../go/targets.ts";
import { compiledSteps } from "../go/universal.ts";
import type { BuildStep, Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import {
  assertCommitted,
  generatedOf,
  sourcesOf,
  uncommittedOf,
  uncommittedWarnings,
} from "../plan/uncommitted.ts";
import { concurrently } from "../world/concurrently.ts";
import type { GoReleaseRun } from "./release-run.ts";

/**
 * Before the plan not every module was there, and a module of the cache may import what a `replace` has in the
 * repository: with all of them there, the rest is held against the commit. The plan of the run that is given back names
 * it. Throws a `Problem` before anything is compiled.
 */
export async function holdSources(run: GoReleaseRun): Promise<GoReleaseRun> {
  const { sources, journal } = run;
  if (sources === undefined || sources.graph.complete) return run;
  return await journal.step({ kind: "check", of: "sources" }, () => holdRest(run));
}

/**
 * The compilers read after the sources were held, so all of them are looked at again when the last one is done: what
 * is still the same was the same for them. Throws a `Problem`, or warns in a dry run.
 */
export async function assertUnchanged(run: GoReleaseRun): Promise<void> {
  const { sources, plan, journal } = run;
  if (sources === undefined) return;
  await journal.step({ kind: "check", of: "sources" }, async () => {
    const { changed, appeared } = await sources.lookAgain(programsOf(plan));
    const { uncommitted, generated } = appeared ? (await holdRest(run)).plan : plan;
    const known = new Set([...plan.uncommitted, ...plan.generated].map(({ path }) => path));
    const added = [...uncommitted, ...generated].map(({ path }) => path);
    const names = [...changed, ...added.filter((path) => !known.has(path))];
    if (names.length === 0) return;
    const message = `changed while it was built: ${listed(names)}`;
    if (plan.dryRun) return journal.tell({ type: "warning", message });
    throw new Problem("sources-changed", message, {
      hint: "make sure nothing writes to the sources during the run, then run again",
    });
  });
}

async function holdRest(run: GoReleaseRun): Promise<GoReleaseRun> {
  const { sources, plan, journal } = run;
  if (sources === undefined) return run;
  for (const listing of await listAgain(run)) sources.graph.add(listing);
  const differences = sourcesOf(await sources.hold(programsOf(plan)), plan.builds);
  const uncommitted = uncommittedOf(differences);
  const whole: Plan = {
    ...plan,
    generated: [...plan.generated, ...generatedOf(differences)],
    uncommitted: [...plan.uncommitted, ...uncommitted],
  };
  assertCommitted(whole);
  for (const message of uncommittedWarnings(uncommitted))
    journal.tell({ type: "warning", message });
  return { ...run, plan: whole };
}

/** The packages of each build that reads other files than the ones before it. */
async function listAgain({ plan, toolchain, folder, output, world }: GoReleaseRun) {
  const { vendored } = plan.module;
  const steps = new Map(
    plan.builds.flatMap(compiledSteps).map((step) => [JSON.stringify(readingOf(step)), step]),
  );
  return await concurrently([...steps.values()], world.machine.cores, (step) => {
    const { patterns, tags, flags, env } = readingOf(step);
    const options = { toolchain, folder, vendored, tags, flags, env };
    return listWithoutOutput(patterns, options, output.path, world);
  });
}

function readingOf({ programs, tags, flags, env, target }: BuildStep) {
  const patterns = programs.map((program) => program.package);
  return { patterns, tags, flags, env: { ...env, ...targetEnvironment(target) } };
}

function programsOf({ builds }: Plan): readonly string[] {
  return [...new Set(builds.flatMap(({ programs }) => programs.map((one) => one.importPath)))];
}
