import { release as story } from "../release.ts";
import type { Command } from "./call.ts";
import { notaryFor } from "./notary.ts";
import { openGoWorkshop, prepare } from "./preparation.ts";
import { report } from "./report.ts";
import { stageFor } from "./stage.ts";

export const release: Command = async (call) => {
  const prepared = await prepare(call);
  const notary = await notaryFor(prepared.plan, call);
  const staged = await stageFor(prepared.plan, call);
  const workshop = await openGoWorkshop(prepared, call);
  const manifest = await story(workshop, notary, staged, call.signal);
  await report(manifest, workshop.output.path, call);
};
