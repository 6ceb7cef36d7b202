import { release as story } from "../release.ts";
import type { Command } from "./call.ts";
import { openGoWorkshop } from "./preparation.ts";
import { report } from "./report.ts";
import { stageFor } from "./stage.ts";

export const release: Command = async (call) => {
  const workshop = await openGoWorkshop(call);
  const manifest = await story(workshop, stageFor(workshop.plan, call), call.signal);
  await report(manifest, workshop.output.path, call);
};
