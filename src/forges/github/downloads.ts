import * as z from "zod/mini";
import { type DownloadHeaders, expectOk, get, type ListDownloads } from "../download.ts";

const Release = z.object({
  assets: z.array(z.object({ name: z.string(), url: z.string(), size: z.number() })),
});

const HINT =
  "check the tag and the repository; a private one needs GO_RELEASE_TOKEN, or GITHUB_TOKEN on github.com";

/** The assets of a published release (docs.github.com, "Get a release by tag name"). */
export const githubDownloads: ListDownloads = async ({ destination, tag, token, http }, signal) => {
  const ask = (accept: string): DownloadHeaders => ({
    headers: { "user-agent": "go-release-action", accept },
    credentials: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
    home: new URL(destination.apiUrl).origin,
  });
  const root = `${destination.apiUrl}/repos/${destination.repository}`;
  const answer = await get(
    http,
    `${root}/releases/tags/${encodeURIComponent(tag)}`,
    ask("application/vnd.github+json"),
    signal,
  );
  const release = await expectOk(answer, `release ${tag} of ${destination.repository}`, HINT);
  return Release.parse(JSON.parse(await release.text())).assets.map(({ name, url, size }) => ({
    name,
    size,
    open: async (again) => {
      const file = await get(http, url, ask("application/octet-stream"), again);
      return (await expectOk(file, name, HINT)).body;
    },
  }));
};
