import { resolve } from "node:path";
import type { CommandHandler } from "../app/context.ts";
import { openWorkshop } from "../app/preparation.ts";
import { report } from "../app/report.ts";
import { notaryFor } from "../app/signer.ts";
import { stageFor } from "../app/stage.ts";
import { republished } from "../plan/republished.ts";
import { findParts, mergeParts } from "../release/shards.ts";
import { publish as story } from "../release.ts";

export const publish: CommandHandler = async (call) => {
  const { config, folder, host, journal, world } = call;
  const { from, output } = config.settings;
  const folders = (from.length === 0 ? [output] : from).map((path) => resolve(folder, path));
  const parts = await findParts(folders, world.files);
  const { plan: built, packed } = await mergeParts(parts, world.files);
  const plan = republished(built, { config, surroundings: host.surroundings });
  journal.tell({ type: "planned", plan, at: journal.now() });
  const notary = await notaryFor(plan, call);
  const staged = await stageFor(plan, call);
  const kept = parts.map((part) => part.folder);
  const workshop = await openWorkshop(plan, call, kept);
  const manifest = await story(packed, workshop, notary, staged, call.signal);
  await report(manifest, workshop.output.path, call);
};
