import { latestTag } from "../latest.ts";
import type { ReleaseDesk } from "./desk.ts";
import type { Tagged } from "./tagged.ts";

/**
 * What GitHub is told of the latest release, never `legacy`, which goes by dates: a backport, or a module in a
 * folder, would become it. Asked as late as can be, for other releases may be published meanwhile.
 */
export async function makeLatest(
  { repository }: ReleaseDesk,
  { tag, prerelease, latest }: Tagged,
  signal?: AbortSignal,
): Promise<"true" | "false"> {
  if (prerelease) return "false";
  if (latest !== "auto") return latest ? "true" : "false";
  const published = await repository.publishedReleases(signal);
  const others = published.filter((release) => !release.prerelease);
  const tags = others.map((release) => release.tag_name);
  return latestTag({ tag, prerelease }, tags) === tag ? "true" : "false";
}
