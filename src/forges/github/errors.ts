import { Problem } from "../../model/problem.ts";

/** What Octokit throws; known by its shape, so that Octokit itself is loaded only when it is used. */
interface Refusal extends Error {
  readonly status: number;
  /** Absent when no answer came. */
  readonly response?: {
    readonly data?: { readonly message?: string; readonly errors?: unknown };
  };
}

interface Detail {
  readonly code?: string;
  readonly field?: string;
  readonly message?: string;
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "HttpError" && "status" in error;
}

export function isMissing(error: unknown): error is Error {
  return isRefusal(error) && error.status === 404;
}

/** No answer, a broken one or a server's fault: what was asked may have been done or not. */
export function isDoubtful(error: unknown): error is Error {
  return isRefusal(error) && error.status >= 500 && !(error.cause instanceof Problem);
}

/** Something of that name or tag is there already. */
export function isTaken(error: unknown): error is Error {
  return (
    isRefusal(error) &&
    error.status === 422 &&
    detailsOf(error).some(({ code }) => code === "already_exists")
  );
}

/** Mostly objects; some endpoints answer with texts, or with one. */
function detailsOf({ response }: Refusal): readonly Detail[] {
  return [response?.data?.errors ?? []]
    .flat()
    .map((detail: unknown) =>
      typeof detail === "string" ? { message: detail } : (detail as Detail),
    );
}

const WORKFLOW = "Add to the job:\n    permissions:\n      contents: write";

/** The problem behind a refusal, with its cure; other errors come back as they are. */
export function explain(error: unknown, repository: string): unknown {
  if (!isRefusal(error)) return error;
  if (error.cause instanceof Problem) return error.cause;
  const { status } = error;
  const message = wordsOf(error);
  // Octokit's own error repeats the words and holds the whole request.
  const cause = error.response === undefined ? error.cause : new Error(message);
  const problem = (code: string, what: string, hint: string) =>
    new Problem(code, what, { hint, cause });
  if (status === 401)
    return problem(
      "github-token",
      `GitHub does not accept the token: ${message}`,
      "Give a valid `token`; in a workflow the default ${{ github.token }} is enough.",
    );
  if (status === 403 && /integration/.test(message))
    return problem(
      "github-permission",
      `the workflow's token may not write releases in ${repository}`,
      WORKFLOW,
    );
  if (status === 403 && /SAML|single sign-on/i.test(message))
    return problem(
      "github-permission",
      `the token is not authorised for the organisation of ${repository}`,
      "Authorise the token for single sign-on, or use the workflow's own token.",
    );
  if (status === 403)
    return problem(
      "github-permission",
      `GitHub refuses to let the token write releases in ${repository}: ${message}`,
      `Give the token “Contents: write” for ${repository}. In a workflow:\n    permissions:\n      contents: write`,
    );
  if (status === 404)
    return problem(
      "github-repository",
      `${repository} was not found, or the token may not see it`,
      "Check `repository` (owner/name), and that the token belongs to it.",
    );
  if (error.response === undefined)
    return problem(
      "github-unavailable",
      `GitHub gave no answer: ${message}`,
      /certificate/.test(message)
        ? "Name the file with the certificate of the server's authority in NODE_EXTRA_CA_CERTS."
        : "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and `api-url`, then run it again: what was uploaded is kept in the draft.",
    );
  if (status >= 500)
    return problem(
      "github-unavailable",
      `GitHub did not answer properly: ${message}`,
      "Run it again: what was uploaded is kept in the draft. https://www.githubstatus.com tells of outages.",
    );
  if (/immutable release/.test(message))
    return problem(
      "github-immutable",
      `GitHub refuses: ${message}`,
      "An immutable release and its tag name can never be used again: release a new version.",
    );
  if (/Cannot create ref/.test(message))
    return problem(
      "github-rules",
      `GitHub would have to make the tag, and a rule of ${repository} forbids that: ${message}`,
      "Push the tag again, as somebody whom the rule lets, and run it again: the draft is complete.",
    );
  return problem(
    "github-refused",
    `GitHub refuses: ${message}`,
    "The message names the rule; a ruleset or the repository's settings may forbid it.",
  );
}

/** What GitHub says, without the JSON and the links that Octokit adds. */
function wordsOf(refusal: Refusal): string {
  const summary = refusal.response?.data?.message ?? refusal.message;
  const details = detailsOf(refusal).map(({ message, field, code }) =>
    (message ?? `${field} ${code}`).trim().replaceAll(/\s+/gu, " "),
  );
  return details.length === 0 ? summary : `${summary}: ${details.join(", ")}`;
}
