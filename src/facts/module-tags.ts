import { compare, parse, type SemVer } from "semver";
import type { GitFacts } from "../git/git-facts.ts";
import type { ModuleFacts } from "./facts.ts";

export type ModuleLocation = Pick<ModuleFacts, "path" | "folder" | "alone">;

/**
 * What comes before the version in a module's tags: its folder, without a last `v2` that is the major version of the
 * module's path (go.dev/ref/mod, "Mapping versions to commits").
 */
export function tagFolder({ path, folder }: ModuleLocation): string {
  const last = /(?:^|\/)(v[2-9]|v[1-9]\d+)$/u.exec(folder);
  if (last === null || !path.endsWith(`/${last[1]}`)) return folder;
  return folder.slice(0, last.index) || ".";
}

/** The version a tag means for the module in `folder`, or undefined when it means none. */
export function versionOf(tag: string, folder: string): SemVer | undefined {
  const written = withoutFolder(tag, folder);
  return written !== undefined && /^v?\d/u.test(written)
    ? (parse(written.replace(/^v/u, "")) ?? undefined)
    : undefined;
}

/**
 * The version that a tag releases of the module, in Go's form or, where no other module can be meant, without the
 * folder: what Go does not know as a version of the module may be released all the same.
 */
export function releasedVersion(tag: string, module: ModuleLocation): SemVer | undefined {
  const own = versionOf(tag, tagFolder(module));
  return own ?? (module.alone === true ? versionOf(tag, ".") : undefined);
}

export function withoutFolder(tag: string, folder: string): string | undefined {
  if (folder === ".") return tag;
  return tag.startsWith(`${folder}/`) ? tag.slice(folder.length + 1) : undefined;
}

/**
 * Whether Go may stamp another version than the released one because of tags beside it: it takes the highest of the
 * commit's, and where the released one is no version of this module's path it derives one from all that went before.
 */
export function misleadingTags(
  tag: string | null,
  { commit, tags }: GitFacts,
  module: ModuleLocation,
): boolean {
  if (tag === null) return false;
  const others = tags.filter(({ name }) => name !== tag && isOfPath(name, module));
  return isOfPath(tag, module)
    ? others.some((other) => other.commit === commit)
    : others.length > 0;
}

/**
 * The tag whose go.mod tells Go which versions are retracted: the highest, a release before every prerelease
 * (cmd/go/internal/modfetch, `retractedVersions`). Undefined when it is the released one itself.
 */
export function retractingTag(
  tag: string,
  { tags }: Pick<GitFacts, "tags">,
  module: ModuleLocation,
): string | undefined {
  const folder = tagFolder(module);
  const [highest] = tags
    .flatMap(({ name }) => {
      const version = isOfPath(name, module) ? versionOf(name, folder) : undefined;
      return version === undefined ? [] : [{ name, version }];
    })
    .sort((a, b) => Number(isPre(a)) - Number(isPre(b)) || compare(b.version, a.version));
  return highest?.name === tag ? undefined : highest?.name;
}

function isPre({ version }: { readonly version: SemVer }): boolean {
  return version.prerelease.length > 0;
}

/** Whether Go takes the tag for a version of the module: with `v`, whole, and of the path's major version. */
export function isOfPath(tag: string, module: ModuleLocation): boolean {
  const folder = tagFolder(module);
  const version = versionOf(tag, folder);
  const major = majorOf(module.path);
  return (
    version !== undefined &&
    withoutFolder(tag, folder) === `v${version.version}` &&
    (major > 1 ? version.major === major : version.major < 2)
  );
}

/** The major version that ends a module's path, 0 where none does (go.dev/ref/mod, "Major version suffixes"). */
export function majorOf(path: string): number {
  const suffix = path.startsWith("gopkg.in/") ? /\.v(\d+)$/u : /\/v([1-9]\d*)$/u;
  return Number(suffix.exec(path)?.[1] ?? 0);
}

/** What `go install` cannot do with a release, when Go does not take its tag for a version of the module. */
export function unknownToGo(tag: string, module: ModuleLocation): string | undefined {
  const version = releasedVersion(tag, module);
  if (version === undefined || isOfPath(tag, module)) return undefined;
  const { path } = module;
  const folder = tagFolder(module);
  const written = withoutFolder(tag, folder);
  const name = `v${version.version}`;
  if (written === undefined)
    return `Go knows a version of the module in ${module.folder} by tags like ${folder}/${name}: \`go install ${path}@${name}\` does not find ${tag}`;
  if (!written.startsWith("v"))
    return `Go knows versions by tags with a v: \`go install ${path}@${name}\` does not find ${tag}`;
  if (version.build.length > 0)
    return `Go knows no versions with build metadata: \`go install ${path}@${name}\` does not find ${tag}`;
  return `${tag} is not a version of ${path} for Go, so \`go install\` does not find it: ${majorRule(path, version.major)}`;
}

/** gopkg.in has its own form. */
function majorRule(path: string, major: number): string {
  const odd = path.startsWith("gopkg.in/");
  const base = path.replace(odd ? /\.v\d+$/u : /\/v\d+$/u, "");
  const suffix = odd ? `.v${major}` : major > 1 ? `/v${major}` : "";
  return `for version ${major} go.mod (and every import) must use the path ${base}${suffix}`;
}
