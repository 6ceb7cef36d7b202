import { latestTag } from "../latest.ts";
import type { ReleaseDesk } from "./desk.ts";
import type { RemoteRelease } from "./entities.ts";
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
  const tags = tagsOf(await repository.publishedReleases(signal));
  return latestTag({ tag, prerelease }, tags) === tag ? "true" : "false";
}

function tagsOf(releases: readonly RemoteRelease[]): readonly string[] {
  return releases.flatMap(({ prerelease, tag_name }) => (prerelease ? [] : [tag_name]));
}

/**
 * Looks whether people find ours as the latest release though a higher one is there: releases that are published at
 * the same time do not see each other. Then the higher one is made it again. What is published is published, so that
 * a failure here is none of it.
 */
export async function restoreLatest(
  desk: ReleaseDesk,
  spec: Tagged,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { repository } = desk;
  if (spec.prerelease || spec.latest !== "auto") return [];
  try {
    if ((await repository.latest(signal))?.tag_name !== spec.tag) return [];
    const published = await repository.publishedReleases(signal);
    const best = latestTag(spec, tagsOf(published));
    const release = published.find(({ tag_name }) => tag_name === best);
    if (release === undefined || best === spec.tag) return [];
    await repository.update(release.id, { make_latest: "true" }, signal);
    return [
      `${best} is the latest release again: it was published at the same time as ${spec.tag}`,
    ];
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}
