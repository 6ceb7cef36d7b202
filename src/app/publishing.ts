import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import type { ReleaseRun } from "../release/release-run.ts";
import { pointingFor } from "./channels.ts";
import type { CommandContext } from "./context.ts";
import { signingFor } from "./signer.ts";
import { stageFor } from "./stage.ts";

/** Who signs and where it goes, each tried before anything is built. Throws a `Problem`. */
export async function publishingFor(
  plan: Plan,
  call: CommandContext,
): Promise<Pick<ReleaseRun, "signing" | "staged" | "pointing">> {
  const signing = await signingFor(plan, call);
  const staged = await stageFor(plan, call);
  const pointing = await pointingFor(plan, call);
  return defined({ signing, staged, pointing });
}
