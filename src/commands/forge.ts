import type { Forge } from "../forges/forge.ts";
import { forges } from "../forges/index.ts";
import type { Plan } from "../model/plan.ts";
import type { Call } from "./call.ts";

/** The forge of a plan's destination; a directory needs none. */
export const forgeFor = async (
  { destination, name }: Plan,
  call: Call,
): Promise<Forge | undefined> => {
  if (destination.forge === "directory") return undefined;
  const { config, host, world } = call;
  const token = config.settings.token ?? host.surroundings.token;
  const { http, clock } = world;
  return await forges[destination.forge]({ destination, name, token, http, clock });
};
