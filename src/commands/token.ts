import type { Destination } from "../model/plan.ts";
import { Secret } from "../model/secret.ts";
import type { Call } from "./call.ts";

/** What each forge's users have in their environment already. */
const usual = {
  github: ["GITHUB_TOKEN", "GH_TOKEN"],
  gitlab: ["GITLAB_TOKEN"],
} as const;

/**
 * The token for a destination: the one that was given, else the host's own where the release stays at home, else
 * the usual variable. The host's token goes to the host's own forge and to no other.
 */
export const tokenFor = (
  { forge, apiUrl }: Pick<Destination, "forge" | "apiUrl">,
  { config, env, host }: Pick<Call, "config" | "env" | "host">,
): Secret | undefined => {
  const { surroundings } = host;
  if (forge === "directory") return undefined;
  if (config.settings.token !== undefined) return config.settings.token;
  const atHome =
    surroundings.forge === forge && surroundings.apiUrl?.replace(/\/+$/u, "") === apiUrl;
  if (atHome && surroundings.token !== undefined) return surroundings.token;
  const found = usual[forge].map((name) => env[name]).find((value) => (value ?? "") !== "");
  return found === undefined ? undefined : new Secret(found);
};
