const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/u;

/** Docker Hub is known by one name and answers to others. */
const HUB = /^((index|registry-1)\.)?docker\.io$/u;

/** Where a registry is asked, e.g. `https://ghcr.io`; without TLS on this machine alone. */
export function originOfHost(host: string): string {
  if (HUB.test(host)) return "https://registry-1.docker.io";
  return `${LOOPBACK.test(host) ? "http" : "https"}://${host}`;
}

/** The name of a repository as its registry knows it: Docker Hub's own images have no owner. */
export function nameAt(host: string, name: string): string {
  return HUB.test(host) && !name.includes("/") ? `library/${name}` : name;
}

/** The one name of a registry that has several. */
export function knownHost(host: string): string {
  return HUB.test(host) ? "docker.io" : host.toLowerCase();
}

/**
 * Whether a registry may have its tokens given out at `realm`: by itself, by its own domain, or by a server that the
 * caller or the host named (`trusted`, origins). A registry names any realm it likes, and would have a password
 * sent there.
 */
export function isOwnRealm(realm: URL, registry: URL, trusted: readonly string[]): boolean {
  if (realm.origin === registry.origin || trusted.includes(realm.origin)) return true;
  if (realm.protocol !== "https:") return LOOPBACK.test(realm.host) && LOOPBACK.test(registry.host);
  if (registry.protocol !== "https:") return false;
  const domain = domainOf(registry.hostname);
  return (
    domain !== undefined && (realm.hostname === domain || realm.hostname.endsWith(`.${domain}`))
  );
}

/** What is behind the first part of a host's name, unless that is no more than a public suffix like `co.uk`. */
function domainOf(hostname: string): string | undefined {
  const parts = hostname.split(".");
  if (/^[\d.]+$/u.test(hostname) || parts.length < 3) return undefined;
  const [first = "", last = "", ...more] = parts.slice(1);
  const isSuffix = more.length === 0 && last.length === 2 && first.length <= 3;
  return isSuffix ? undefined : parts.slice(1).join(".");
}
