import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { type DownloadHeaders, expectOk, get, type ListDownloads, releaseIn } from "../download.ts";

const Release = z.object({
  tag_name: z.string(),
  assets: z.array(z.object({ name: z.string(), url: z.string(), size: z.optional(z.number()) })),
});

const HINT =
  "check the tag and the repository; a private one needs GO_RELEASE_TOKEN, or GITHUB_TOKEN on github.com";

/** The assets of a published release (docs.github.com, "Get a release by tag name" and "Get the latest release"). */
export const githubDownloads: ListDownloads = async ({ destination, tag, token, http }, signal) => {
  const ask = (accept: string): DownloadHeaders => ({
    headers: { "user-agent": "go-release-action", accept },
    credentials: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
    home: new URL(destination.apiUrl).origin,
  });
  const root = `${destination.apiUrl}/repos/${destination.repository}`;
  const which = tag === undefined ? "latest" : `tags/${encodeURIComponent(tag)}`;
  const answer = await get(
    http,
    `${root}/releases/${which}`,
    ask("application/vnd.github+json"),
    signal,
  );
  const what = `release ${tag ?? "latest"} of ${destination.repository}`;
  return await releaseIn(answer, what, HINT, (json) => {
    const { tag_name, assets } = Release.parse(json);
    return {
      tag: tag_name,
      files: assets.map(({ name, url, size }) => ({
        name,
        ...defined({ size }),
        aliases: [],
        open: async (again) => {
          const file = await get(http, url, ask("application/octet-stream"), again);
          return (await expectOk(file, name, HINT)).body;
        },
      })),
    };
  });
};
