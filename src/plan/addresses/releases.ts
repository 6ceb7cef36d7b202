import { Usage } from "../../model/problem.ts";
import type { Surroundings } from "../../model/surroundings.ts";
import type { ProjectAddress } from "./remotes.ts";
import {
  apiMeant,
  apiOf,
  canonicalHost,
  type ForgeServer,
  forgeOfHost,
  serverOf,
} from "./servers.ts";

/** A release as a URL names it. */
export interface ReleaseAddress extends ProjectAddress, ForgeServer {
  /** Undefined: the latest one, which the forge knows. */
  readonly tag: string | undefined;
}

/** What may be known of the server besides its URL. */
export interface KnownServers {
  /** The `api-url` that was given. */
  readonly apiUrl?: string;
  /** The forge that this run is at home on. */
  readonly home?: Pick<Surroundings, "forge" | "serverUrl" | "apiUrl">;
}

/**
 * The release that a page of it or a download from it means, as browsers show them. Of several the first that is
 * there: a GitLab may lie below a path of its host (docs.gitlab.com, "relative URL"), and no URL says where its path
 * ends. Undefined for what is no URL. Throws `Usage` with the URL to give for pages of other things.
 */
export function readReleaseUrl(
  written: string,
  known: KnownServers = {},
): readonly ReleaseAddress[] | undefined {
  const url = urlOf(written);
  if (url === undefined) return undefined;
  const page = {
    url,
    parts: url.pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decoded),
  };
  if (page.parts.includes(undefined)) throw noRelease(page);
  const whole = page as ReleasePage;
  if (isApi(whole)) throw noRelease(whole, pageOfApi(whole));
  const border = whole.parts.indexOf("-");
  if (border >= 0) return gitlabRelease(whole, border, known);
  return forgeOfHost(canonicalHost(url.hostname)) === "gitlab"
    ? gitlabRelease(whole, whole.parts.indexOf("releases", 2) - 1, known)
    : githubRelease(whole, known);
}

interface ReleasePage {
  readonly url: URL;
  /** Of the path, decoded: a part may hold slashes. */
  readonly parts: readonly string[];
}

/** People copy addresses without their scheme too. */
function urlOf(written: string): URL | undefined {
  const bare = /^[\w-]+(\.[\w-]+)+(:\d+)?\/[^\s]+\/releases(\/|$)/u.test(written);
  const text = bare ? `https://${written}` : written;
  return /^https?:/iu.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function isApi({ url, parts }: ReleasePage): boolean {
  return (
    url.hostname.startsWith("api.") ||
    (parts[0] === "api" && /^v\d+$/u.test(parts[1] ?? "")) ||
    parts.some(
      (part, at) => part === "api" && parts[at + 1] === "v4" && parts[at + 2] === "projects",
    )
  );
}

/** `/OWNER/NAME/releases/…`: what comes where is fixed, so that both may be named `releases`. */
function githubRelease(page: ReleasePage, known: KnownServers): readonly ReleaseAddress[] {
  const [owner, name = "", section, ...rest] = page.parts;
  const tag = section === "releases" ? githubTag(rest) : undefined;
  if (owner === undefined || tag === undefined) throw noRelease(page, githubPage(page));
  const { url: serverUrl, apiUrl } = serverIn(page.url, "github", [], known);
  const repository = `${owner}/${name.replace(/\.git$/u, "")}`;
  return [
    { forge: "github", serverUrl, apiUrl, repository, tag: tag === LATEST ? undefined : tag },
  ];
}

const LATEST = Symbol("latest");

/** What follows `releases/`; a tag may hold slashes, a file's name none. */
function githubTag([kind, ...rest]: readonly string[]): string | typeof LATEST | undefined {
  switch (kind) {
    case "latest":
      return LATEST;
    case "tag":
    case "edit":
    case "expanded_assets":
      return rest.join("/") || undefined;
    case "download":
      return rest.slice(0, -1).join("/") || undefined;
    default:
      return rest.length === 0 ? kind : undefined;
  }
}

/** `/GROUP/…/PROJECT/-/releases/…`; without the hyphen in old addresses. */
function gitlabRelease(
  page: ReleasePage,
  border: number,
  known: KnownServers,
): readonly ReleaseAddress[] {
  const [section, ...rest] = page.parts.slice(border + 1);
  const project = page.parts.slice(0, page.parts[border] === "-" ? border : border + 1);
  const tag = section === "releases" && project.length > 1 ? gitlabTag(rest) : undefined;
  if (tag === undefined) throw noRelease(page, gitlabPage(page, border));
  return rootsOf(page.url, project, known).map((depth) => {
    const root = project.slice(0, depth);
    const { url: serverUrl, apiUrl } = serverIn(page.url, "gitlab", root, known);
    const repository = project
      .slice(depth)
      .join("/")
      .replace(/\.git$/u, "");
    return {
      forge: "gitlab",
      serverUrl,
      apiUrl,
      repository,
      tag: tag === LATEST ? undefined : tag,
    };
  });
}

function gitlabTag(parts: readonly string[]): string | typeof LATEST | undefined {
  if (parts[0] === "permalink" && parts[1] === "latest") return LATEST;
  const end = parts.findIndex((part, at) => at > 0 && /^(downloads|edit|evidences)$/u.test(part));
  return (end < 0 ? parts : parts.slice(0, end)).join("/") || undefined;
}

/** How many parts of the path may be the server's own, the likeliest first. */
function rootsOf(url: URL, project: readonly string[], known: KnownServers): readonly number[] {
  const server = knownServer(url, known);
  if (server !== undefined) {
    const root = new URL(server).pathname.split("/").filter((part) => part !== "");
    return [root.every((part, at) => part === project[at]) ? root.length : 0];
  }
  if (canonicalHost(url.hostname) === "gitlab.com") return [0];
  return [0, 1, 2].filter((depth) => project.length - depth > 1);
}

/** The GitLab that was named, or that this run is at home on, when the URL is one of its own. */
function knownServer(url: URL, { apiUrl, home }: KnownServers): string | undefined {
  if (apiUrl !== undefined) return serverOf("gitlab", apiMeant("gitlab", apiUrl));
  const { forge, serverUrl } = home ?? {};
  const same =
    forge === "gitlab" && serverUrl !== undefined && new URL(serverUrl).host === url.host;
  return same ? serverUrl : undefined;
}

function serverIn(
  { protocol, hostname, origin }: URL,
  forge: ForgeServer["forge"],
  root: readonly string[],
  { apiUrl, home }: KnownServers,
): { readonly url: string; readonly apiUrl: string } {
  const name = canonicalHost(hostname);
  const url = [name === hostname ? origin : `${protocol}//${name}`, ...root].join("/");
  if (apiUrl !== undefined) return { url, apiUrl: apiMeant(forge, apiUrl) };
  const own = home?.forge === forge && home.serverUrl?.replace(/\/+$/u, "") === url;
  const known = own && home.apiUrl !== undefined ? apiMeant(forge, home.apiUrl) : undefined;
  return { url, apiUrl: known ?? apiOf(forge, url) };
}

/** The release's page for another page of GitHub that names a tag. */
function githubPage({ url, parts }: ReleasePage): string | undefined {
  const [owner, name, section = "", ...rest] = parts;
  if (owner === undefined || name === undefined) return undefined;
  const ref = rest
    .join("/")
    .replace(/^refs\/tags\//u, "")
    .replace(/\.(zip|tar\.gz)$/u, "");
  const named = /^(tree|commits|archive)$/u.test(section) && ref !== "";
  return `${url.origin}/${owner}/${name}/releases/${named ? `tag/${encodeTag(ref)}` : "tag/TAG"}`;
}

function gitlabPage({ url, parts }: ReleasePage, border: number): string | undefined {
  const [section = "", ...rest] = parts.slice(border + 1);
  const project = parts.slice(0, parts[border] === "-" ? border : 2);
  if (project.length < 2) return undefined;
  const ref = section === "archive" ? rest.slice(0, 1) : rest;
  const named = /^(tags|tree|commits|archive)$/u.test(section) && ref.length > 0;
  const tag = named ? encodeURIComponent(ref.join("/")) : "TAG";
  return [url.origin, ...project, "-/releases", tag].join("/");
}

/** What people see of what an API gives to programs. */
function pageOfApi({ url, parts }: ReleasePage): string | undefined {
  const at = parts.findIndex((part) => part === "repos" || part === "projects");
  if (at < 0) return undefined;
  if (parts[at] === "repos") {
    const server = serverOf("github", url.origin);
    const [owner, name, , kind, ...tag] = parts.slice(at + 1);
    const end =
      kind === "latest" ? kind : kind === "tags" ? `tag/${encodeTag(tag.join("/"))}` : "tag/TAG";
    return name === undefined ? undefined : `${server}/${owner}/${name}/releases/${end}`;
  }
  const [project = "", section, tag] = parts.slice(at + 1);
  const named = section === "releases" && tag !== undefined ? encodeURIComponent(tag) : "TAG";
  const root = parts.slice(0, Math.max(0, at - 2));
  return project.includes("/")
    ? [url.origin, ...root, project, "-/releases", named].join("/")
    : undefined;
}

function encodeTag(tag: string): string {
  return tag.split("/").map(encodeURIComponent).join("/");
}

/** Pages of other things, with the page to give where it can be told. */
function noRelease({ url }: Pick<ReleasePage, "url">, instead?: string): Usage {
  return new Usage(`verify: ${url.origin}${url.pathname} is not the page of a release`, {
    hint:
      instead === undefined
        ? "give https://github.com/OWNER/REPO/releases/tag/TAG, https://gitlab.com/GROUP/PROJECT/-/releases/TAG, or a tag with `--forge` and `--repository`"
        : `give ${instead}`,
  });
}
