import { faultOfSecret } from "../config/input-types.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { Secret } from "../model/secret.ts";
import { apiMeant } from "../plan/addresses/servers.ts";
import type { CommandContext } from "./context.ts";

/** What each forge's users have in their environment already, and the only API that it is meant for. */
const usual = {
  github: { names: ["GITHUB_TOKEN", "GH_TOKEN"], apiUrl: "https://api.github.com" },
  gitlab: { names: ["GITLAB_TOKEN"], apiUrl: "https://gitlab.com/api/v4" },
} as const;

type TokenInputs = Pick<CommandContext, "config" | "env" | "host">;

/**
 * The token for a destination: the one that was given, else the host's own where the release stays at home, else
 * the usual variable. None goes to a server that neither the caller nor the host chose: a URL, a remote or an answer
 * may name any. The host's token goes to the host's own forge alone, and the usual one to the public forge.
 */
export function tokenFor(
  destination: Pick<Destination, "forge" | "apiUrl">,
  call: TokenInputs,
): Secret | undefined {
  const { forge, apiUrl } = destination;
  if (forge === "directory") return undefined;
  const { token: own } = call.host.surroundings;
  const { token } = call.config.settings;
  // `GO_RELEASE_TOKEN: $CI_JOB_TOKEN` is a job's token all the same, which GitLab takes in a header of its own.
  if (token !== undefined && token.reveal() !== own?.reveal())
    return isWithheld(destination, call) ? undefined : token;
  const home = isHome(destination, call);
  if (home && own !== undefined) return own;
  if (!home && apiUrl !== usual[forge].apiUrl) return undefined;
  const name = usual[forge].names.find((one) => (call.env[one] ?? "") !== "");
  const found = name === undefined ? undefined : call.env[name];
  const fault = found === undefined ? undefined : faultOfSecret(found);
  if (fault !== undefined)
    throw new Problem("token-misgiven", `${name} ${fault.rule}`, { hint: fault.cure });
  return found === undefined ? undefined : new Secret(found);
}

/** Whether a token was given that is not for this server, as far as anybody said. */
export function isWithheld(
  destination: Pick<Destination, "forge" | "apiUrl">,
  call: TokenInputs,
): boolean {
  const { token } = call.config.settings;
  if (destination.forge === "directory" || token === undefined) return false;
  return !isChosenServer(destination, call);
}

/** Whether it is the public server, the job's own, or one that the caller named. */
export function isChosenServer(
  destination: Pick<Destination, "forge" | "apiUrl">,
  call: TokenInputs,
): boolean {
  const { forge, apiUrl } = destination;
  const { apiUrl: named } = call.config.settings;
  if (forge === "directory") return false;
  const chosen = [usual[forge].apiUrl, ...(named === undefined ? [] : [apiMeant(forge, named)])];
  return isHome(destination, call) || chosen.includes(apiUrl);
}

function isHome(
  { forge, apiUrl }: Pick<Destination, "forge" | "apiUrl">,
  { host: { surroundings } }: TokenInputs,
): boolean {
  if (surroundings.forge !== forge || forge === "directory") return false;
  return surroundings.apiUrl !== undefined && apiMeant(forge, surroundings.apiUrl) === apiUrl;
}
