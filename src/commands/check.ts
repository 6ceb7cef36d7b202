import type { Command } from "./call.ts";
import { prepare } from "./preparation.ts";

export const check: Command = async (call) => {
  await prepare(call);
};
