import type { Destination } from "../model/plan.ts";
import { Secret } from "../model/secret.ts";
import type { CommandContext } from "./context.ts";

/** What each forge's users have in their environment already, and the only API that it is meant for. */
const usual = {
  github: { names: ["GITHUB_TOKEN", "GH_TOKEN"], apiUrl: "https://api.github.com" },
  gitlab: { names: ["GITLAB_TOKEN"], apiUrl: "https://gitlab.com/api/v4" },
} as const;

/**
 * The token for a destination: the one that was given, else the host's own where the release stays at home, else
 * the usual variable. The host's token goes to the host's own forge and to no other, and the usual one to the
 * public forge alone: a URL, a remote or a file of the project may name any other server.
 */
export function tokenFor(
  { forge, apiUrl }: Pick<Destination, "forge" | "apiUrl">,
  { config, env, host }: Pick<CommandContext, "config" | "env" | "host">,
): Secret | undefined {
  const { surroundings } = host;
  if (forge === "directory") return undefined;
  const { token } = config.settings;
  // `GO_RELEASE_TOKEN: $CI_JOB_TOKEN` is a job's token all the same, which GitLab takes in a header of its own.
  if (token !== undefined)
    return token.reveal() === surroundings.token?.reveal() ? surroundings.token : token;
  const atHome =
    surroundings.forge === forge && surroundings.apiUrl?.replace(/\/+$/u, "") === apiUrl;
  if (atHome && surroundings.token !== undefined) return surroundings.token;
  if (!atHome && apiUrl !== usual[forge].apiUrl) return undefined;
  const found = usual[forge].names.map((name) => env[name]).find((value) => (value ?? "") !== "");
  return found === undefined ? undefined : new Secret(found);
}
