import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { type ListDownloads, publishedRelease } from "../download.ts";
import { authorization } from "./asset-downloads.ts";
import { githubServer, USER_AGENT } from "./server.ts";

const Release = z.object({
  tag_name: z.string(),
  assets: z.array(z.object({ name: z.string(), url: z.string(), size: z.optional(z.number()) })),
});

const HINT =
  "check the tag and the repository; a private one needs GO_RELEASE_TOKEN, or GITHUB_TOKEN on github.com";

/** The assets of a published release (docs.github.com, "Get a release by tag name" and "Get the latest release"). */
export const githubDownloads: ListDownloads = async (options, signal) => {
  const { destination, tag, token } = options;
  const { apiUrl, repository } = destination;
  const which = tag === undefined ? "latest" : `tags/${encodeURIComponent(tag)}`;
  const source = {
    server: { ...githubServer(token), code: "download", again: "run it again" },
    url: `${apiUrl}/repos/${repository}/releases/${which}`,
    home: apiUrl,
    headers: { accept: "application/vnd.github+json", "user-agent": USER_AGENT },
    fileHeaders: { accept: "application/octet-stream", "user-agent": USER_AGENT },
    credentials: token === undefined ? {} : authorization(token),
    refused: HINT,
  };
  return await publishedRelease(
    {
      ...source,
      read: (answer) => {
        const { tag_name, assets } = answer.as(Release);
        return { tag: tag_name, files: assets.map((asset) => defined(asset)) };
      },
    },
    options,
    signal,
  );
};
