import type { Plan } from "../model/plan.ts";
import type { Stage } from "../release.ts";
import type { Call } from "./call.ts";

/** How the release of this plan is opened on its forge; a dry run and a directory have none. */
export const stageFor =
  async (_plan: Plan, _call: Call): Promise<Stage> =>
  async () =>
    undefined;
