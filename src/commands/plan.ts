import { type CommandHandler, printJson } from "../app/context.ts";
import { notesOf } from "../app/notes.ts";
import { prepare } from "../app/preparation.ts";
import { noOutputs } from "../app/report.ts";
import { matrix } from "../release/matrix.ts";
import { escapeControls } from "../report/escape-controls.ts";
import { planTable } from "../report/plan-table.ts";

export const plan: CommandHandler = async (call) => {
  const { shards, runners, json, printNotes } = call.config.settings;
  const { plan: planned } = await prepare(call, {
    inParts: shards !== undefined,
    // Every job of a matrix has to come to the same plan, which names what was made.
    building: shards !== undefined,
  });
  const rows =
    shards === undefined
      ? undefined
      : JSON.stringify({ include: matrix(planned, shards, runners) });
  await call.host.output({ ...noOutputs(planned), matrix: rows ?? "" });
  if (printNotes) call.print(lineEnded(await notesOf(planned, call)));
  else if (rows !== undefined) call.print(`${rows}\n`);
  else if (json) printJson(call, planned);
  else call.print(`${escapeControls(planTable(planned))}\n`);
};

function lineEnded(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
