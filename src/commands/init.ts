import type { Command } from "./call.ts";
import { prepare } from "./preparation.ts";

export const init: Command = async (call) => {
  await prepare(call);
};
