import { resolve } from "node:path";
import type { CommandHandler } from "../app/context.ts";
import { openRun } from "../app/preparation.ts";
import { publishingFor } from "../app/publishing.ts";
import { report } from "../app/report.ts";
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
  const publishing = await publishingFor(plan, call);
  const kept = parts.map((part) => part.folder);
  const run = await openRun(plan, call, publishing, kept);
  await report(await story(packed, run), run.output.path, call);
};
