import { compareBuild, parse, type SemVer } from "semver";

interface TaggedVersion {
  readonly tag: string;
  readonly version: SemVer;
  /** The folder of the module that it is a version of; empty for the main module. */
  readonly folder: string;
}

interface OwnRelease {
  readonly tag: string;
  readonly prerelease: boolean;
}

/**
 * The tag that people shall find as the latest, among those of the other published releases and `own`: the highest
 * release by SemVer of the main module, whose tags have no folder. Where there is none of it, that of the module of
 * `own`. A version that SemVer calls a prerelease only where nothing else was released, and `own` never where it
 * was published as one. Tags that are no versions do not count.
 */
export function latestTag(own: OwnRelease, published: readonly string[]): string | undefined {
  const others = published.filter((tag) => tag !== own.tag);
  const all = [...(own.prerelease ? [] : [own.tag]), ...others].flatMap(versionOf);
  const main = all.filter(({ folder }) => folder === "");
  const [mine] = versionOf(own.tag);
  const pool = main.length > 0 ? main : all.filter(({ folder }) => folder === mine?.folder);
  const releases = pool.filter(({ version }) => version.prerelease.length === 0);
  // Of equal ones the first stays, which is `own`.
  return (releases.length > 0 ? releases : pool).reduce<TaggedVersion | undefined>(
    (best, one) => (best === undefined || compareBuild(one.version, best.version) > 0 ? one : best),
    undefined,
  )?.tag;
}

/** `v1.2.3` or `folder/v1.2.3`. */
function versionOf(tag: string): readonly TaggedVersion[] {
  const slash = tag.lastIndexOf("/");
  const written = tag.slice(slash + 1);
  const version = /^v?\d/u.test(written) ? parse(written.replace(/^v/u, "")) : null;
  return version === null ? [] : [{ tag, version, folder: tag.slice(0, Math.max(0, slash)) }];
}
