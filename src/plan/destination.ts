import type { Config } from "../config/config.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { defined } from "../model/defined.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { type ProjectAddress, readRemote } from "./addresses/remotes.ts";
import {
  apiMeant,
  apiOf,
  forgeOfApi,
  publicServer,
  type ServedForge,
  serverOf,
} from "./addresses/servers.ts";

interface DestinationInputs {
  readonly config: Config;
  readonly surroundings: Surroundings;
}

/**
 * Where the release goes: as asked, else the host's own forge, else what `origin` tells (its URLs, the likeliest
 * first, or what an earlier plan made of them), else a folder.
 */
export function destinationOf(
  inputs: DestinationInputs,
  origin: readonly string[] | Destination,
): Destination {
  const { settings } = inputs.config;
  const remote = "forge" in origin ? origin : remoteOf(origin, inputs);
  const forge = askedForge(inputs) ?? remote?.forge ?? "directory";
  const { replace } = settings;
  if (forge === "directory") return { forge, repository: "", apiUrl: "", serverUrl: "", replace };
  const home = homeOf(inputs, forge);
  const near = remote?.forge === forge ? remote : undefined;
  const asked = settings.apiUrl === undefined ? undefined : apiMeant(forge, settings.apiUrl);
  const homeApi = home?.apiUrl === undefined ? undefined : apiMeant(forge, home.apiUrl);
  const serverUrl =
    asked === undefined || asked === homeApi
      ? (home?.serverUrl ?? near?.serverUrl ?? publicServer[forge])
      : serverOf(forge, asked);
  const repository =
    namedRepository(settings.repository, { forge, serverUrl }) ??
    home?.repository ??
    near?.repository;
  if (repository === undefined) {
    throw new Problem("no-repository", `forge ${forge}: no repository is configured`, {
      hint: forge === "github" ? "set `repository: owner/name`" : "set `repository: group/project`",
    });
  }
  const apiUrl = asked ?? homeApi ?? apiOf(forge, serverUrl);
  return { forge, repository, apiUrl, serverUrl, replace };
}

/** People give the project's address for its name, as they clone it; it does not decide where the release goes. */
function namedRepository(
  given: string | undefined,
  { forge, serverUrl }: Pick<ProjectAddress, "forge" | "serverUrl">,
): string | undefined {
  const address = readRemote(given, { forge, serverUrl });
  if (given === undefined || address === undefined) return given?.replace(/^\/+|\/+$/gu, "");
  if (address.forge === forge && address.serverUrl === serverUrl) return address.repository;
  throw new Problem(
    "repository-elsewhere",
    `repository: ${address.repository} is on ${address.serverUrl}, but the release goes to ${serverUrl}`,
    { hint: "give only the repository's path, and set its server with `forge` and `api-url`" },
  );
}

/** What was asked for, or what the address of the API that was given tells, or where this run is at home. */
function askedForge({ config, surroundings }: DestinationInputs): Destination["forge"] | undefined {
  const { forge, apiUrl } = config.settings;
  if (forge !== "auto") return forge;
  return (apiUrl === undefined ? undefined : forgeOfApi(apiUrl)) ?? surroundings.forge;
}

function homeOf({ surroundings }: DestinationInputs, forge: ServedForge): Surroundings | undefined {
  return surroundings.forge === forge ? surroundings : undefined;
}

/** A host whose name tells nothing is the forge that was asked for, unless the repository was named as well. */
function remoteOf(
  origin: readonly string[],
  inputs: DestinationInputs,
): ProjectAddress | undefined {
  const { apiUrl, repository } = inputs.config.settings;
  const asked = askedForge(inputs);
  const forge = asked === "directory" || repository !== undefined ? undefined : asked;
  const serverUrl =
    forge === undefined
      ? undefined
      : apiUrl === undefined
        ? homeOf(inputs, forge)?.serverUrl
        : serverOf(forge, apiMeant(forge, apiUrl));
  const [told] = origin.flatMap((url) => readRemote(url) ?? []);
  if (
    told !== undefined &&
    (forge === undefined || told.forge === forge) &&
    serverUrl === undefined
  )
    return told;
  const [known] = origin.flatMap((url) => readRemote(url, defined({ forge, serverUrl })) ?? []);
  return known ?? told;
}

/** The addresses of `origin`, the likeliest first. */
export function originOf(
  git: Pick<GitFacts, "remote" | "otherRemotes"> | undefined,
): readonly string[] {
  return git?.remote === undefined ? [] : [git.remote, ...(git.otherRemotes ?? [])];
}
