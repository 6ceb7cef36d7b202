import { checkLines } from "../app/checks.ts";
import { type CommandHandler, printJson } from "../app/context.ts";
import { prepare } from "../app/preparation.ts";
import { FailedChecks } from "../model/check.ts";
import { checkTable } from "../report/check-table.ts";
import { escapeControls } from "../report/escape-controls.ts";
import { planTable } from "../report/plan-table.ts";

/**
 * Everything that can be known to be wrong before a release, line by line: nothing is built, sent or changed. Throws a
 * `Problem` where a release would fail.
 */
export const check: CommandHandler = async (call) => {
  const prepared = await prepare(call);
  const { json } = call.config.settings;
  if (!json) call.print(`${escapeControls(planTable(prepared.plan))}\n\n`);
  const lines = await checkLines(prepared, call);
  if (!json) call.print(`${checkTable(lines)}\n`);
  if (lines.some(({ result }) => result === "will fail")) throw new FailedChecks(lines);
  if (json) printJson(call, { ...prepared.plan, checks: lines });
};
