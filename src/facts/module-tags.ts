import { compare, parse, type SemVer } from "semver";
import type { GitFacts } from "../git/git-facts.ts";
import type { ModuleFacts } from "./facts.ts";

type ModuleLocation = Pick<ModuleFacts, "path" | "folder">;

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

/** The major version that ends a module's path, 0 where none does. */
export function majorOf(path: string): number {
  return Number(/(?:\/|\.)v([1-9]\d*)$/u.exec(path)?.[1] ?? 0);
}
