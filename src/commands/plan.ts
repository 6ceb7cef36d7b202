import { planTable } from "../hosts/reading.ts";
import { matrix } from "../release/shards.ts";
import { type Command, printJson } from "./call.ts";
import { prepare } from "./preparation.ts";

export const plan: Command = async (call) => {
  const { plan: planned } = await prepare(call);
  const { shards, json } = call.config.settings;
  if (shards !== undefined) call.print(`${JSON.stringify({ include: matrix(planned, shards) })}\n`);
  else if (json) printJson(call, planned);
  else call.print(`${planTable(planned)}\n`);
};
