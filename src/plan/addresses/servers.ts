import type { ForgeKind } from "../../model/plan.ts";

/** A forge that is reached over the network. */
export type ServedForge = Exclude<ForgeKind, "directory">;

/** A forge's server as people see it, and the root of its API. */
export interface ForgeServer {
  readonly forge: ServedForge;
  /** e.g. `https://example.com/gitlab`; no slash at its end. */
  readonly serverUrl: string;
  readonly apiUrl: string;
}

export const publicServer: Readonly<Record<ServedForge, string>> = {
  github: "https://github.com",
  gitlab: "https://gitlab.com",
};

/** The root of a forge's API, from where people see it. */
export function apiOf(forge: ServedForge, serverUrl: string): string {
  if (forge === "gitlab") return `${serverUrl}/api/v4`;
  return ofGitHub.test(serverUrl)
    ? serverUrl.replace("https://", "https://api.")
    : `${serverUrl}/api/v3`;
}

/**
 * The root of the API as it was meant: without slashes at its end and, where only the server was named, with the
 * path that its forge has.
 */
export function apiMeant(forge: ServedForge, given: string): string {
  const url = given.replace(/\/+$/u, "");
  if (forge === "github") return ofGitHub.test(url) ? apiOf(forge, url) : url;
  return API_PATH.test(url) ? url : apiOf(forge, url);
}

/** Where people see what the API at `apiUrl` serves. */
export function serverOf(forge: ServedForge, apiUrl: string): string {
  const plain = apiUrl.replace("https://api.", "https://");
  return forge === "github" && ofGitHub.test(plain) ? plain : apiUrl.replace(API_PATH, "");
}

/** The forge whose API has such an address: GitLab's is at `/api/v4`, GitHub's at `/api/v3` or on a host of its own. */
export function forgeOfApi(apiUrl: string): ServedForge | undefined {
  const url = apiUrl.replace(/\/+$/u, "");
  if (url.endsWith("/api/v4")) return "gitlab";
  if (url.endsWith("/api/v3")) return "github";
  return forgeOfHost(new URL(url).hostname.replace(/^api\./u, ""));
}

const API_PATH = /\/api\/v\d+$/u;

/** GitHub's own servers, those of its enterprises too, have an API on a host of its own. */
const ofGitHub = /^https:\/\/(github\.com|[^./]+\.ghe\.com)$/u;

/**
 * The host behind the names that it has besides: for SSH on the port of HTTPS (docs.github.com, "Using SSH over the
 * HTTPS port"; docs.gitlab.com, "Use an alternate SSH port"), and for the several accounts that people tell apart
 * in `~/.ssh/config`, as `github.com-work`.
 */
export function canonicalHost(host: string): string {
  const name = host.toLowerCase().replace(/\.$/u, "");
  const [, known = ""] =
    /^(?:www|ssh|altssh)\.(github\.com|gitlab\.com|[^.]+\.ghe\.com)$/u.exec(name) ?? [];
  const [, alias = ""] = /^(github\.com|gitlab\.com)[-_][^.]*$/u.exec(name) ?? [];
  return known || alias || name;
}

/** The forge that a host's name tells; pages, APIs and snippets are no place for a repository. */
export function forgeOfHost(host: string): ServedForge | undefined {
  if (/\.(github|gitlab)\.(com|io)$/u.test(host)) return undefined;
  if (/(^|[.-])github[.-]|\.ghe\.com$/u.test(host)) return "github";
  return /(^|[.-])gitlab([.-]|$)/u.test(host) ? "gitlab" : undefined;
}
