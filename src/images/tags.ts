import { compareBuild, parse } from "semver";
import type { PlannedTag } from "../model/image.ts";

/**
 * Whether a tag goes to this version, by the versions that the registry has tags of: `latest` is the highest release,
 * and `1.2` the highest of its line, whatever was released last.
 */
export function belongsTo(
  { name, follows }: PlannedTag,
  version: string,
  tags: readonly string[],
): boolean {
  const own = parse(version);
  if (follows === undefined || follows === "always" || own === null) return true;
  // What stands behind, as in `1.2-alpine`, is of no line.
  const line = `${/^v?(\d+(?:\.\d+)*)/u.exec(name)?.[1]}.`;
  return !tags.some((tag) => {
    const other = parse(tag.replace(/^v/u, ""));
    if (other === null || other.prerelease.length > 0) return false;
    return (
      compareBuild(other, own) > 0 && (follows === "latest" || `${other.version}.`.startsWith(line))
    );
  });
}
