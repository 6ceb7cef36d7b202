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
  return defined({ signing, staged, images, pointing, ...keysFor(plan, call), closeMilestone });
}

/** Nothing is closed for what nobody sees. */
async function closingFor(plan: Plan, call: CommandContext): Promise<ReleaseRun["closeMilestone"]> {
  if (plan.dryRun || plan.release.closeMilestones === undefined) return undefined;
  const forge = await reachableForge(plan, call);
  return forge === undefined ? undefined : (title, signal) => forge.closeMilestone(title, signal);
}

/** Taken along only where they are to sign. */
export function keysFor(
  { gpg, packageSigning }: Pick<Plan, "gpg" | "packageSigning">,
  { config }: Pick<CommandContext, "config">,
): Pick<ReleaseRun, "gpgKey" | "apkKey"> {
  const { gpgKey, gpgPassphrase, apkKey, apkPassphrase } = config.settings;
  const { openpgp = false, apkKeyName } = packageSigning ?? {};
  return {
    ...((gpg?.mode === "key" || openpgp) && gpgKey !== undefined
      ? { gpgKey: defined({ key: gpgKey, passphrase: gpgPassphrase }) }
      : {}),
    ...(apkKeyName !== undefined && apkKey !== undefined
      ? { apkKey: defined({ key: apkKey, passphrase: apkPassphrase }) }
      : {}),
  };
}
