/** A repository of images: which registry, and which name there. */
export interface ImageRepository {
  /** Host and, where it has one, port. */
  readonly host: string;
  readonly name: string;
}

/** A path component (OCI distribution specification 1.1, "Pulling manifests"). */
const COMPONENT = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/u;
const HOST =
  /^(localhost|[a-z0-9.-]+\.[a-z0-9-]+|[a-z0-9-]+(?=:)|\[[0-9a-f:]+\](?=:))(:\d{1,5})?$/iu;
const TAG = /^\w[\w.-]{0,127}$/u;
const DIGEST = /^sha256:[0-9a-f]{64}$/u;
/** Characters; registries allow no longer names, their host included. */
const LONGEST = 255;

/** Reads `HOST/NAME`; undefined for anything else. */
export function readRepository(written: string): ImageRepository | undefined {
  const slash = written.indexOf("/");
  const [host, name] = [written.slice(0, Math.max(0, slash)), written.slice(slash + 1)];
  const isOne = HOST.test(host) && name.split("/").every((part) => COMPONENT.test(part));
  return isOne && written.length <= LONGEST ? { host: host.toLowerCase(), name } : undefined;
}

/** The rule that the name of a repository breaks. */
export function repositoryFault(written: string): string | undefined {
  if (readRepository(written) !== undefined) return undefined;
  if (/^https?:\/\//u.test(written)) return "must be like ghcr.io/owner/name, without https://";
  if (/[@:][^/]*$/u.test(written.replace(/^[^/]*\//u, "")))
    return "must have no tag and no digest: tags are given in `tags`";
  if (/\/.*[A-Z]/u.test(written)) return "must be in lower case: registries know no capitals";
  return "must be a registry's host and a name there, e.g. ghcr.io/owner/name or docker.io/owner/name";
}

/** Reads `HOST/NAME@sha256:…`, with or without a tag before it; undefined for anything else. */
export function readBase(
  written: string,
): { readonly repository: ImageRepository; readonly digest: string } | undefined {
  const [place = "", digest = "", ...more] = written.split("@");
  const repository = readRepository(place.replace(/:[\w.-]+$/u, ""));
  return repository !== undefined && DIGEST.test(digest) && more.length === 0
    ? { repository, digest }
    : undefined;
}

/** The rule that a base breaks. */
export function baseFault(written: string): string | undefined {
  if (written === "scratch" || readBase(written) !== undefined) return undefined;
  return "must be `scratch` or an image by its digest, e.g. gcr.io/distroless/static@sha256:…; a tag may be another image tomorrow";
}

/** Whether a registry takes a tag of this name. */
export function isTag(name: string): boolean {
  return TAG.test(name);
}

export function formatRepository({ host, name }: ImageRepository): string {
  return `${host}/${name}`;
}

/** The last part of a repository's name. */
export function shortName(repository: string): string {
  return repository.replace(/^.*\//u, "");
}
