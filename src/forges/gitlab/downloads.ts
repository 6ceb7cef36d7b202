import * as z from "zod/mini";
import { type ListDownloads, lastPart, publishedRelease } from "../download.ts";
import { gitlabServer } from "./api.ts";
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
export const gitlabDownloads: ListDownloads = async (options, signal) => {
  const { destination, tag, token } = options;
  const { apiUrl, repository } = destination;
  const which = tag === undefined ? "permalink/latest" : encodeURIComponent(tag);
  const source = {
    server: { ...gitlabServer(token), code: "download", again: "run it again" },
    url: `${apiUrl}/projects/${encodeURIComponent(repository)}/releases/${which}`,
    // A link may lead anywhere: the token is for this instance alone.
    home: apiUrl,
    fileHeaders: {},
    credentials: token === undefined ? {} : tokenHeader(tokenOf(token)),
    refused: HINT,
  };
  return await publishedRelease(
    {
      ...source,
      read: (answer) => {
        const { tag_name, assets } = answer.as(Release);
        const files = assets.links.map(({ name, url, direct_asset_url: direct }) => ({
          name,
          url,
          aliases: [...lastPart(direct ?? ""), ...lastPart(url)],
        }));
        return { tag: tag_name, files };
      },
    },
    options,
    signal,
  );
};
