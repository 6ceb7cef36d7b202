import { listed } from "../facts/tags.ts";
import { cgoPackages, stubbedWithoutCgo } from "../go/cgo.ts";
import type { BuildFailed } from "../go/compile.ts";
import { compiledSteps } from "../go/universal.ts";
import { defined } from "../model/defined.ts";
import type { BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { GoReleaseRun } from "./release-run.ts";

/** Warns of packages that compile without cgo and then do not work, once for every set of programs. */
export async function warnOfStubs(run: GoReleaseRun): Promise<void> {
  const { journal, world } = run;
  const steps = new Map(
    run.plan.builds
      .flatMap(compiledSteps)
      .filter(withoutCgo)
      .map((step) => [
        JSON.stringify([step.programs.map(({ importPath }) => importPath), step.tags]),
        step,
      ]),
  );
  for (const step of steps.values()) {
    const place = placeOf(run);
    const packages = await cgoPackages(step, place, world);
    const stubbed = await stubbedWithoutCgo(packages, step, place, world);
    if (stubbed.length === 0) continue;
    journal.tell({
      type: "warning",
      message:
        `${listed(stubbed)} ${stubbed.length === 1 ? "needs" : "need"} cgo and will not work in these programs: ` +
        "CGO_ENABLED=0 leaves only a stub; set `env: CGO_ENABLED=1` with a C compiler for each target, or use a pure Go package",
    });
  }
}

/** A failed build whose errors come from packages that are nothing without cgo says so. */
export async function blamingCgo(error: BuildFailed, run: GoReleaseRun): Promise<Problem> {
  const step = run.plan.builds
    .flatMap(compiledSteps)
    .find(({ id }) => error.step?.kind === "build" && error.step.of === id);
  if (step === undefined || !withoutCgo(step)) return error;
  const packages = await cgoPackages(step, placeOf(run), run.world);
  const blamed = packages.filter(({ importPath, name, folder }) =>
    error.diagnostics.some(
      (diagnostic) =>
        diagnostic.package === importPath ||
        diagnostic.message.includes(folder) ||
        new RegExp(`\\b${name}\\.`, "u").test(diagnostic.message),
    ),
  );
  if (blamed.length === 0) return error;
  const names = listed(blamed.map(({ importPath }) => importPath));
  return new Problem(
    error.code,
    error.message,
    defined({
      hint: `${names} ${blamed.length === 1 ? "needs" : "need"} cgo: set \`env: CGO_ENABLED=1\` with a C compiler for each target, or use a pure Go package`,
      step: error.step,
      target: error.target,
    }),
  );
}

function withoutCgo({ env }: BuildStep): boolean {
  return env["CGO_ENABLED"] === "0";
}

function placeOf({ toolchain, folder, plan }: GoReleaseRun) {
  return {
    toolchain,
    folder,
    vendored: plan.module.vendored,
  };
}
