import type { ChannelOptions } from "../channel.ts";
import { GitHubTap } from "./github.ts";
import { GitLabTap } from "./gitlab.ts";
import type { TapRepository } from "./repository.ts";

/** The repository of a channel. */
export function repositoryOf({ planned, token, reach }: ChannelOptions): TapRepository {
  const { forge, repository, apiUrl } = planned;
  const options = { name: repository, apiUrl, token, reach };
  return forge === "github" ? new GitHubTap(options) : new GitLabTap(options);
}
