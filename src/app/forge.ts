import type { Forge } from "../forges/forge.ts";
import { forges } from "../forges/index.ts";
import type { Plan } from "../model/plan.ts";
import type { CommandContext } from "./context.ts";
import { tokenFor } from "./token.ts";

/** The forge of a plan's destination; a directory needs none. */
export async function forgeFor(
  { destination, name }: Pick<Plan, "destination" | "name">,
  call: CommandContext,
): Promise<Forge | undefined> {
  if (destination.forge === "directory") return undefined;
  const { http, clock } = call.world;
  const token = tokenFor(destination, call);
  if (token !== undefined) call.host.mask(token);
  return await forges[destination.forge]({ destination, name, token, http, clock });
}
