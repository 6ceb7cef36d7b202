import type { CommandHandler } from "../app/context.ts";
import { openGoWorkshop, prepare } from "../app/preparation.ts";
import { report } from "../app/report.ts";
import { notaryFor } from "../app/signer.ts";
import { stageFor } from "../app/stage.ts";
import { release as story } from "../release.ts";

export const release: CommandHandler = async (call) => {
  const prepared = await prepare(call);
  const notary = await notaryFor(prepared.plan, call);
  const staged = await stageFor(prepared.plan, call);
  const workshop = await openGoWorkshop(prepared, call);
  const manifest = await story(workshop, notary, staged, call.signal);
  await report(manifest, workshop.output.path, call);
};
