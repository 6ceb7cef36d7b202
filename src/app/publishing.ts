import { defined } from "../model/defined.ts";
import type { Plan } from "../model/plan.ts";
import type { Publishing, ReleaseRun } from "../release/release-run.ts";
import { pointingFor } from "./channels.ts";
import type { CommandContext } from "./context.ts";
import { reachableForge } from "./forge.ts";
import { imageMeansFor } from "./images.ts";
import type { Prepared } from "./preparation.ts";
import { signingFor } from "./signer.ts";
import { stageFor } from "./stage.ts";

/** Who signs and where it goes, each tried before anything is built. Throws a `Problem`. */
export async function publishingFor(prepared: Prepared, call: CommandContext): Promise<Publishing> {
  const { plan } = prepared;
  const signing = await signingFor(plan, call);
  const staged = await stageFor(plan, call);
  const images = await imageMeansFor(prepared, call);
  const pointing = await pointingFor(plan, call);
  const closeMilestone = await closingFor(plan, call);
  const gpgKey = gpgKeyFor(plan, call);
  return defined({ signing, staged, images, pointing, gpgKey, closeMilestone });
}

/** Nothing is closed for what nobody sees. */
async function closingFor(plan: Plan, call: CommandContext): Promise<ReleaseRun["closeMilestone"]> {
  if (plan.dryRun || plan.release.closeMilestones === undefined) return undefined;
  const forge = await reachableForge(plan, call);
  return forge === undefined ? undefined : (title, signal) => forge.closeMilestone(title, signal);
}

/** Taken along only where it is to sign. */
export function gpgKeyFor(
  { gpg }: Plan,
  { config }: Pick<CommandContext, "config">,
): ReleaseRun["gpgKey"] {
  const { gpgKey: key, gpgPassphrase: passphrase } = config.settings;
  return gpg?.mode !== "key" || key === undefined ? undefined : defined({ key, passphrase });
}
