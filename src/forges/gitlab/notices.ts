import type { ReleaseSpec } from "../../model/plan.ts";
import { latestTag } from "../latest.ts";
import type { Releases } from "./releases.ts";

/** What the reader of a published release should know: what GitLab has not, and what people find there now. */
export async function noticesOf(
  spec: ReleaseSpec,
  releases: Releases,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const { latest, discussionCategory } = spec;
  return [
    ...(latest === "auto"
      ? await latestNotices(spec, releases, signal)
      : ["GitLab orders releases by their date: `latest` has no effect there"]),
    ...(discussionCategory === undefined
      ? []
      : ["GitLab has no discussions: `discussion-category` has no effect there"]),
  ];
}

/**
 * GitLab takes the release with the newest date for its latest one, and nothing can be said against that. The
 * release is published by now, so that a list which cannot be read is no failure.
 */
async function latestNotices(
  { tag, prerelease }: ReleaseSpec,
  releases: Releases,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (tag === null) return [];
  try {
    const tags = (await releases.all(signal)).map(({ tag_name }) => tag_name);
    const best = latestTag({ tag, prerelease }, tags);
    return tags[0] !== tag || best === undefined || best === tag ? [] : [takesOver(tag, best)];
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

function takesOver(tag: string, best: string): string {
  return `GitLab's latest release is the one with the newest date: permalink/latest now points to ${tag} instead of ${best}; \`released-at\` with a date before that of ${best} would have kept it, and the date of the release can still be changed`;
}
