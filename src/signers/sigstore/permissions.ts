/** The lines that a workflow needs before GitHub hands out identity tokens. */
export const GITHUB_PERMISSION = `add to the job in the workflow:
permissions:
  contents: write
  id-token: write`;

/** The lines that a GitLab job needs before it has an identity token for an audience. */
export function gitlabIdToken(audience = "sigstore"): string {
  return `add to the job in .gitlab-ci.yml:
id_tokens:
  SIGSTORE_ID_TOKEN:
    aud: ${audience}`;
}
