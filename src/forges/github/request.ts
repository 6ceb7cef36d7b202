import { defined } from "../../model/defined.ts";
import { reasonOf } from "./errors.ts";
import type { Octokit } from "./octokit.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/** Where a repository lies; undefined for a name that is not `owner/name`. */
export function ownerAndName(
  name: string,
): { readonly owner: string; readonly repo: string } | undefined {
  const [owner, repo, ...more] = name.split("/");
  return owner === undefined || repo === undefined || more.length > 0 ? undefined : { owner, repo };
}

/**
 * One call on a repository. `route` is a method and an address, whole or below the repository's. Throws what Octokit
 * or the network says.
 */
export async function requestAt(
  repository: { readonly owner: string; readonly repo: string },
  octokit: Octokit,
  { route, parameters }: { readonly route: string; readonly parameters: Parameters },
  signal: AbortSignal | undefined,
): Promise<{ readonly data: unknown; readonly link: string }> {
  const [method = "", path = ""] = route.split(" ");
  const url = path.startsWith("http") ? path : `/repos/{owner}/{repo}${path}`;
  try {
    const asked = { ...repository, ...parameters, request: defined({ signal }) };
    const answer = await octokit.request(`${method} ${url}`, asked);
    return { data: answer.data as unknown, link: answer.headers.link ?? "" };
  } catch (error) {
    throw reasonOf(error);
  }
}
