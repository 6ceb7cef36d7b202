import * as z from "zod/mini";
import {
  type DownloadHeaders,
  expectOk,
  get,
  type ListDownloads,
  lastPart,
  releaseIn,
} from "../download.ts";
import { tokenHeader, tokenOf } from "./token.ts";

const Release = z.object({
  tag_name: z.string(),
  assets: z.object({
    links: z.array(
      z.object({ name: z.string(), url: z.string(), direct_asset_url: z.nullish(z.string()) }),
    ),
  }),
});

const HINT =
  "check the tag and the project; a private one needs GO_RELEASE_TOKEN, or GITLAB_TOKEN on gitlab.com";

/** The links of a release (docs.gitlab.com, "Get a release by a tag name" and "Get the latest release"). */
export const gitlabDownloads: ListDownloads = async ({ destination, tag, token, http }, signal) => {
  // A link may lead anywhere: the token is for this instance alone.
  const ask: DownloadHeaders = {
    headers: { accept: "*/*" },
    credentials: token === undefined ? {} : tokenHeader(tokenOf(token)),
    home: new URL(destination.apiUrl).origin,
  };
  const project = `${destination.apiUrl}/projects/${encodeURIComponent(destination.repository)}`;
  const which = tag === undefined ? "permalink/latest" : encodeURIComponent(tag);
  const answer = await get(http, `${project}/releases/${which}`, ask, signal);
  const what = `release ${tag ?? "latest"} of ${destination.repository}`;
  return await releaseIn(answer, what, HINT, (json) => {
    const { tag_name, assets } = Release.parse(json);
    return {
      tag: tag_name,
      files: assets.links.map(({ name, url, direct_asset_url: direct }) => ({
        name,
        aliases: [...lastPart(direct ?? ""), ...lastPart(url)],
        open: async (again) => (await expectOk(await get(http, url, ask, again), name, HINT)).body,
      })),
    };
  });
};
