import tufRoot from "./github-root.json" with { type: "json" };
import type { SigstoreInstance } from "./obtain.ts";

/**
 * GitHub's own instance of sigstore, which writes no name into a public log: it signs for repositories that are not
 * public, as `actions/attest` has it sign. Its time stamps stand where others have a log.
 */
export const githubServices = {
  fulcioUrl: "https://fulcio.githubapp.com",
  tsaUrl: "https://timestamp.githubapp.com",
} as const;

/** What its certificates name as the organization of their issuer, by which `gh` knows them too. */
export const GITHUB_ORGANIZATION = "GitHub, Inc.";

/** Its TUF repository, verified from the root.json that came with this program. */
export function githubInstance(): SigstoreInstance {
  const root = Buffer.from(JSON.stringify(tufRoot));
  return { name: "GitHub's own root", repository: { url: "https://tuf-repo.github.com", root } };
}

/** Whether a certificate authority is GitHub's. */
export function isGithubInstance(fulcioUrl: string): boolean {
  return fulcioUrl.replace(/\/+$/u, "") === githubServices.fulcioUrl;
}
