import type { Staged } from "../forges/forge.ts";
import type { Plan } from "../model/plan.ts";
import type { Stage } from "../release.ts";
import type { Call } from "./call.ts";
import { forgeFor } from "./forge.ts";

/**
 * How the release of this plan is opened on its forge; a dry run and a directory have none. What can be known
 * to fail is found out now, before anything is built.
 */
export const stageFor = async (plan: Plan, call: Call): Promise<Stage> => {
  const forge = plan.dryRun ? undefined : await forgeFor(plan, call);
  if (forge === undefined) return () => undefined;
  await call.journal.step({ kind: "check", of: plan.destination.repository }, () =>
    forge.check(plan.release, call.signal),
  );
  return (signal) => openedWhenUsed(() => forge.stage(plan.release, signal));
};

/** What does not compile leaves no beginning of a release behind, and nothing waits for the forge before it compiles. */
const openedWhenUsed = (open: () => Promise<Staged>): Staged => {
  let opened: Promise<Staged> | undefined;
  const staged = (): Promise<Staged> => (opened ??= open());
  return {
    recall: async (...asked) => (await staged()).recall(...asked),
    put: async (...given) => (await staged()).put(...given),
    publish: async (...given) => (await staged()).publish(...given),
  };
};
