import { pointingFor } from "../app/channels.ts";
import { type CommandHandler, printJson } from "../app/context.ts";
import { reachableForge } from "../app/forge.ts";
import { imageMeansFor } from "../app/images.ts";
import { prepare } from "../app/preparation.ts";
import { signingFor } from "../app/signer.ts";
import { escapeControls } from "../report/escape-controls.ts";
import { planTable } from "../report/plan-table.ts";

/** Everything that can be known to be wrong before a release: nothing is built, sent or changed. */
export const check: CommandHandler = async (call) => {
  const prepared = await prepare(call);
  const { plan } = prepared;
  await signingFor(plan, call);
  if (!plan.dryRun) await (await reachableForge(plan, call))?.check(plan.release, call.signal);
  await imageMeansFor(prepared, call);
  await pointingFor(plan, call);
  if (call.config.settings.json) printJson(call, plan);
  else call.print(`${escapeControls(planTable(plan))}\n\nready\n`);
};
