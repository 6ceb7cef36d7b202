import type { Forge } from "../forges/forge.ts";
import { forges } from "../forges/index.ts";
import type { Plan } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import type { CommandContext } from "./context.ts";
import { isWithheld, tokenFor } from "./token.ts";

/** The forge that a release is made on. Throws a `Problem` where the token that was given is not for its server. */
export async function reachableForge(plan: Plan, call: CommandContext): Promise<Forge | undefined> {
  const { apiUrl } = plan.destination;
  if (!isWithheld(plan.destination, call)) return await forgeFor(plan, call);
  throw new Problem(
    "token-elsewhere",
    `the token (GO_RELEASE_TOKEN) is not sent to ${apiUrl}: only the checkout's git remote names that server`,
    {
      hint: `if the token belongs to that server, confirm it with \`--api-url ${shellWord(apiUrl)}\`, the job's input \`api-url\` or GO_RELEASE_API_URL`,
    },
  );
}

/** The forge of a plan's destination; a directory needs none. */
export async function forgeFor(
  { destination, name }: Pick<Plan, "destination" | "name">,
  call: CommandContext,
): Promise<Forge | undefined> {
  if (destination.forge === "directory") return undefined;
  const { http, clock, random } = call.world;
  const token = tokenFor(destination, call);
  if (token !== undefined) call.host.mask(token);
  return await forges[destination.forge]({ destination, name, token, http, clock, random });
}
