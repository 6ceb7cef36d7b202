import { declarationsOf } from "../facts/programs.ts";
import { dependenciesOf } from "../go/dependencies.ts";
import { type LinkerVariable, linkerVariables } from "../go/linker-variables.ts";
import { compiledSteps } from "../go/universal.ts";
import type { BuildStep } from "../model/plan.ts";
import { cannotSet, unsettable } from "../plan/stamps.ts";
import type { GoReleaseRun } from "./release-run.ts";

/**
 * Warns of variables in packages that no program is linked from, or that these do not have: what could not be seen
 * before the modules were there. Once for every set of programs and flags.
 */
export async function warnOfUnsetVariables(run: GoReleaseRun): Promise<void> {
  const { journal, plan } = run;
  const steps = new Map(
    plan.builds
      .flatMap(compiledSteps)
      .map((step) => [
        JSON.stringify([step.programs.map(({ importPath }) => importPath), stamped(step)]),
        step,
      ]),
  );
  const told = new Set<string>();
  for (const step of steps.values())
    for (const message of await unset(step, run)) {
      if (!told.has(message)) journal.tell({ type: "warning", message });
      told.add(message);
    }
}

function stamped({ ldflags, programs }: BuildStep): readonly LinkerVariable[] {
  return linkerVariables(ldflags).filter(
    (one) => one.package !== "main" && !programs.some((own) => own.importPath === one.package),
  );
}

async function unset(step: BuildStep, run: GoReleaseRun): Promise<readonly string[]> {
  const { plan, toolchain, folder, world } = run;
  const known = (variable: LinkerVariable) =>
    plan.notices.some((notice) => notice.startsWith(cannotSet(variable, "")));
  const variables = stamped(step).filter((variable) => !known(variable));
  if (variables.length === 0) return [];
  const place = { toolchain, folder, vendored: plan.module.vendored };
  const folders = await dependenciesOf(step, place, world);
  const faults = variables.map(async (variable) => {
    const own = folders.get(variable.package);
    return own === undefined
      ? [cannotSet(variable, "no program links that package")]
      : unsettable(variable, await declarationsOf(own, world.files));
  });
  return (await Promise.all(faults)).flat();
}
