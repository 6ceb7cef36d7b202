import type { Config } from "../config/config.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";

interface DestinationInputs {
  readonly config: Config;
  readonly surroundings: Surroundings;
}

/**
 * Where the release goes: as asked, else the host's own forge, else what `origin` tells (its URL, or what an
 * earlier plan made of it), else a folder.
 */
export function destinationOf(
  { config, surroundings }: DestinationInputs,
  origin: string | Destination | undefined,
): Destination {
  const { settings } = config;
  const remote = typeof origin === "string" ? remoteOf(origin) : origin;
  const forge =
    settings.forge === "auto"
      ? (surroundings.forge ?? remote?.forge ?? "directory")
      : settings.forge;
  const { replace } = settings;
  if (forge === "directory") return { forge, repository: "", apiUrl: "", serverUrl: "", replace };
  const home = surroundings.forge === forge ? surroundings : undefined;
  const near = remote?.forge === forge ? remote : undefined;
  const repository = settings.repository ?? home?.repository ?? near?.repository;
  if (repository === undefined) {
    throw new Problem("no-repository", `forge ${forge}: nothing says which repository`, {
      hint: forge === "github" ? "set `repository: owner/name`" : "set `repository: group/project`",
    });
  }
  const asked = settings.apiUrl === undefined ? undefined : trimmed(settings.apiUrl);
  const serverUrl =
    asked === undefined || asked === trimmed(home?.apiUrl ?? "")
      ? (home?.serverUrl ?? near?.serverUrl ?? publicServer[forge])
      : serverOf(forge, asked);
  const apiUrl = asked ?? trimmed(home?.apiUrl ?? apiOf(forge, serverUrl));
  return { forge, repository, apiUrl, serverUrl, replace };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/u, "");
}

const publicServer = { github: "https://github.com", gitlab: "https://gitlab.com" } as const;

/** The root of a forge's API, from where people see it. */
export function apiOf(forge: "github" | "gitlab", serverUrl: string): string {
  if (forge === "gitlab") return `${serverUrl}/api/v4`;
  return ofGitHub.test(serverUrl)
    ? serverUrl.replace("https://", "https://api.")
    : `${serverUrl}/api/v3`;
}

/** Where people see what the API at `apiUrl` serves. */
function serverOf(forge: "github" | "gitlab", apiUrl: string): string {
  const plain = apiUrl.replace("https://api.", "https://");
  return forge === "github" && ofGitHub.test(plain) ? plain : apiUrl.replace(/\/api\/v\d+$/u, "");
}

/** GitHub's own servers, those of its enterprises too, have an API on a host of its own. */
const ofGitHub = /^https:\/\/(github\.com|[^./]+\.ghe\.com)$/u;

type Remote = Pick<Destination, "forge" | "repository" | "serverUrl">;

/** `https://HOST/PATH.git`, `ssh://git@HOST/PATH`, `git@HOST:PATH`, on hosts whose name tells the forge. */
export function remoteOf(url: string | undefined): Remote | undefined {
  const [, scheme = "", host = "", port = "", path = ""] =
    /^(?:(https?|ssh|git):\/\/(?:[^@/]*@)?|[^@/]+@)([^:/]+)(:\d+)?[:/](.+?)(?:\.git)?\/?$/u.exec(
      url ?? "",
    ) ?? [];
  const forge = /(^|\.)github\.|\.ghe\.com$/u.test(host)
    ? "github"
    : /(^|\.)gitlab\./u.test(host)
      ? "gitlab"
      : undefined;
  return forge === undefined
    ? undefined
    : {
        forge,
        repository: path,
        // Of the others it is the port of SSH or git.
        serverUrl: `https://${host}${scheme === "https" ? port : ""}`,
      };
}
