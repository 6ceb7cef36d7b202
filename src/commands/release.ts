import { reportRelease } from "../app/channels.ts";
import type { CommandHandler } from "../app/context.ts";
import { openGoRun, prepare } from "../app/preparation.ts";
import { publishingFor } from "../app/publishing.ts";
import { release as story } from "../release.ts";

export const release: CommandHandler = async (call) => {
  const prepared = await prepare(call, { building: true });
  const publishing = await publishingFor(prepared, call);
  const run = await openGoRun(prepared, call, publishing);
  await reportRelease(await story(run), run.output.path, call);
};
