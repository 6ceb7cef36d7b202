import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import type { Plan } from "../model/plan.ts";
import { extraFileSteps } from "./extra-files.ts";
import type { ReleaseValues } from "./names.ts";
import { sourceStep } from "./source.ts";

/** What is released and not built: the source archive, and files as they are. */
export function besideSteps(
  known: { readonly config: Config; readonly facts: Facts },
  release: ReleaseValues,
): Pick<Plan, "source" | "extraFiles"> {
  return { ...sourceStep(known, release), ...extraFileSteps(known, release) };
}
