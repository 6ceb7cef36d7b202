import { planTable } from "../hosts/reading.ts";
import { matrix } from "../release/shards.ts";
import { type Command, printJson } from "./call.ts";
import { prepare } from "./preparation.ts";
import { noOutputs } from "./report.ts";

export const plan: Command = async (call) => {
  const { shards, json } = call.config.settings;
  const { plan: planned } = await prepare(call, { inParts: shards !== undefined });
  const rows =
    shards === undefined ? undefined : JSON.stringify({ include: matrix(planned, shards) });
  await call.host.output({ ...noOutputs(planned), matrix: rows ?? "" });
  if (rows !== undefined) call.print(`${rows}\n`);
  else if (json) printJson(call, planned);
  else call.print(`${planTable(planned)}\n`);
};
