import * as z from "zod/mini";
import { type DownloadHeaders, expectOk, get, type ListDownloads } from "../download.ts";
import { tokenHeader, tokenOf } from "./token.ts";

const Release = z.object({
  assets: z.object({ links: z.array(z.object({ name: z.string(), url: z.string() })) }),
});

const HINT =
  "check the tag and the project; a private one needs GO_RELEASE_TOKEN, or GITLAB_TOKEN on gitlab.com";

/** The links of a release (docs.gitlab.com, "Get a release by a tag name"). */
export const gitlabDownloads: ListDownloads = async ({ destination, tag, token, http }, signal) => {
  // A link may lead anywhere: the token is for this instance alone.
  const ask: DownloadHeaders = {
    headers: { accept: "*/*" },
    credentials: token === undefined ? {} : tokenHeader(tokenOf(token)),
    home: new URL(destination.apiUrl).origin,
  };
  const project = `${destination.apiUrl}/projects/${encodeURIComponent(destination.repository)}`;
  const answer = await get(http, `${project}/releases/${encodeURIComponent(tag)}`, ask, signal);
  const release = await expectOk(answer, `release ${tag} of ${destination.repository}`, HINT);
  return Release.parse(JSON.parse(await release.text())).assets.links.map(({ name, url }) => ({
    name,
    open: async (again) => (await expectOk(await get(http, url, ask, again), name, HINT)).body,
  }));
};
