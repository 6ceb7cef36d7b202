import { canonicalHost, type ForgeServer, forgeOfHost, type ServedForge } from "./servers.ts";

/** A project on a forge. */
export interface ProjectAddress extends Pick<ForgeServer, "forge" | "serverUrl"> {
  /** `owner/name` on GitHub, `group/…/project` on GitLab. */
  readonly repository: string;
}

/** What is known of the server of a remote besides its name. */
export interface KnownServer {
  readonly forge?: ServedForge;
  readonly serverUrl?: string;
}

/**
 * The project that a remote of git's leads to (git-fetch(1), "Git URLs"); undefined for a path, and for a host that
 * is no forge as far as its name and what is `known` tell.
 */
export function readRemote(
  url: string | undefined,
  known: KnownServer = {},
): ProjectAddress | undefined {
  const location = url === undefined ? undefined : read(url.trim());
  if (location === undefined) return undefined;
  const server = serverAt(location, known);
  const forge = server?.forge;
  if (server === undefined || forge === undefined) return undefined;
  const repository = projectIn(location, server.root, forge);
  return repository === undefined ? undefined : { forge, serverUrl: server.url, repository };
}

interface RemoteLocation {
  /** Whether it is where people see the server too: of SSH and git it is a port of their own. */
  readonly web: boolean;
  /** Canonical. */
  readonly host: string;
  readonly origin: string;
  readonly path: readonly string[];
}

function read(url: string): RemoteLocation | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(url)?.[1];
  return scheme === undefined ? readScp(url) : readUrl(url, scheme.toLowerCase());
}

/** `git+ssh://` and `ssh+git://` are old names of `ssh://`. */
function readUrl(url: string, scheme: string): RemoteLocation | undefined {
  const transport = scheme.replace(/^git\+|\+git$/gu, "");
  if (!/^(https?|ssh|git)$/u.test(transport)) return undefined;
  // As a web address it is parsed with all that belongs to one; a password may hold anything.
  const plain = `${transport === "http" ? "http" : "https"}${url.slice(scheme.length)}`;
  if (!URL.canParse(plain)) return undefined;
  const { hostname, host, protocol, pathname } = new URL(plain);
  const web = transport.startsWith("http");
  const own = protocol === "http:" && isLoopback(hostname);
  const name = canonicalHost(hostname);
  const port =
    web && name === hostname && (protocol === "https:" || own) ? host.slice(hostname.length) : "";
  return {
    web,
    host: name,
    origin: `${own ? "http" : "https"}://${name}${port}`,
    path: partsOf(pathname),
  };
}

/** `[user@]host:path` without a slash before the colon; one letter before it is a drive of Windows. */
function readScp(url: string): RemoteLocation | undefined {
  const [, bracketed, plain, path = ""] =
    /^(?:\[(?:[^@\]\s]+@)?([^\]:\s]+)(?::\d+)?\]|(?:[^@/\\\s]+@)?([^@:/\\\s]{2,})):(?!:)(.*)$/u.exec(
      url,
    ) ?? [];
  const written = bracketed ?? plain;
  if (written === undefined) return undefined;
  const host = canonicalHost(written);
  const parts = partsOf(path);
  // A port has no place here, and yet it is written: the hosts for SSH alone are known for theirs.
  const port = host !== written.toLowerCase() && parts[0] === "443" && parts.length > 2;
  return { web: false, host, origin: `https://${host}`, path: port ? parts.slice(1) : parts };
}

function partsOf(path: string): readonly string[] {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  const last = parts.at(-1)?.replace(/\.git$/u, "") ?? "";
  return [...parts.slice(0, -1), last].filter((part) => part !== "");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(host);
}

interface ServerFound {
  readonly forge: ServedForge | undefined;
  readonly url: string;
  /** The parts of the path under which the server lies. */
  readonly root: readonly string[];
}

function serverAt(location: RemoteLocation, known: KnownServer): ServerFound | undefined {
  const { host, origin, path, web } = location;
  const own = known.serverUrl === undefined ? undefined : new URL(known.serverUrl);
  if (own !== undefined && canonicalHost(own.hostname) === host) {
    const root = partsOf(own.pathname);
    const url = known.serverUrl?.replace(/\/+$/u, "") ?? origin;
    return { forge: known.forge ?? forgeOfHost(host), url, root: web ? root : [] };
  }
  // A name without a dot is an alias of this machine's, unless browsers know it too.
  const told = web || host.includes(".") ? forgeOfHost(host) : undefined;
  // Other forges have nothing as deep, so that `gitlab` is where GitLab lies and no owner.
  const below = told === undefined && web && path[0]?.toLowerCase() === "gitlab" && path.length > 2;
  if (below && known.forge !== "github")
    return { forge: "gitlab", url: `${origin}/${path[0]}`, root: path.slice(0, 1) };
  return { forge: told ?? known.forge, url: origin, root: [] };
}

/** Without the path of the server; undefined for what cannot be a project's. */
function projectIn(
  { path }: RemoteLocation,
  root: readonly string[],
  forge: ServedForge,
): string | undefined {
  const below = root.every((part, index) => part === path[index]) ? path.slice(root.length) : path;
  if (below.length < 2 || (forge === "github" && below.length > 2)) return undefined;
  return below.every((part) => /^[\w.~-]+$/u.test(part) && part !== "-")
    ? below.join("/")
    : undefined;
}
