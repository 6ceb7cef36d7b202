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

/** A status, or what came instead of a proper answer. */
type Answered = number | "nothing" | "trouble";

/** One row of the table: what GitHub answers, and what its reader needs to know. */
interface Reason {
  readonly answered?: Answered;
  /** Of GitHub's own words. */
  readonly says?: RegExp;
  readonly code: string;
  /** Ends with `: {says}` where GitHub's own words follow. */
  readonly what: string;
  readonly hint: string;
}

const RUN_AGAIN = "run it again: what was uploaded is kept in the draft";

/** Read from the top: the first row that fits explains the refusal; `{repository}`, `{tag}` and `{says}` are filled in. */
const reasons: readonly Reason[] = [
  {
    answered: 401,
    code: "github-token",
    what: "GitHub does not accept the token: {says}",
    hint: "give a valid `token`; in a workflow the default ${{ github.token }} is enough",
  },
  {
    answered: 403,
    says: /integration/u,
    code: "github-permission",
    what: "the workflow's token may not write releases in {repository}",
    hint: "add to the job:\n    permissions:\n      contents: write",
  },
  {
    answered: 403,
    says: /SAML|single sign-on/iu,
    code: "github-permission",
    what: "the token is not authorised for the organisation of {repository}",
    hint: "authorise the token for single sign-on, or use the workflow's own token",
  },
  {
    answered: 403,
    code: "github-permission",
    what: "GitHub refuses to let the token write releases in {repository}: {says}",
    hint: "give the token “Contents: write” for {repository}; in a workflow:\n    permissions:\n      contents: write",
  },
  {
    answered: 404,
    code: "github-repository",
    what: "{repository} was not found, or the token may not see it",
    hint: "check `repository` (owner/name), and that the token belongs to it",
  },
  {
    answered: "nothing",
    says: /certificate/u,
    code: "github-unavailable",
    what: "GitHub gave no answer: {says}",
    hint: "name the file with the certificate of the server's authority in NODE_EXTRA_CA_CERTS",
  },
  {
    answered: "nothing",
    code: "github-unavailable",
    what: "GitHub gave no answer: {says}",
    hint: `check the network, the proxy (HTTPS_PROXY, NO_PROXY) and \`api-url\`, then ${RUN_AGAIN}`,
  },
  {
    answered: "trouble",
    code: "github-unavailable",
    what: "GitHub did not answer properly: {says}",
    hint: `${RUN_AGAIN}; https://www.githubstatus.com tells of outages`,
  },
  {
    says: /immutable release/u,
    code: "github-immutable",
    what: "GitHub refuses the tag {tag} in {repository}: {says}",
    hint: "an immutable release burned the name {tag} for good, even when it was deleted: release a new version",
  },
  {
    says: /Cannot create ref/u,
    code: "github-rules",
    what: "GitHub would have to make the tag, and a rule of {repository} forbids that: {says}",
    hint: "push the tag again, as a user the rule allows, and run it again: the draft is complete",
  },
  {
    code: "github-refused",
    what: "GitHub refuses: {says}",
    hint: "the message names the rule; a ruleset or the repository's settings may forbid it",
  },
];

/** The problem behind a refusal of a release, with its cure; other errors come back as they are. */
export function explain(
  error: unknown,
  { repository, tag }: { readonly repository: string; readonly tag: string | null },
): unknown {
  if (!isRefusal(error)) return error;
  if (error.cause instanceof Problem) return error.cause;
  const says = wordsOf(error);
  const answered = answerOf(error);
  const reason = reasons.find(
    (row) => (row.answered ?? answered) === answered && (row.says?.test(says) ?? true),
  );
  // The last row fits everything.
  if (reason === undefined) return error;
  const told = (text: string): string =>
    text
      .replaceAll("{repository}", () => repository)
      .replaceAll("{tag}", () => tag ?? "")
      .replaceAll("{says}", () => says);
  // Octokit's own error repeats the words and holds the whole request.
  const cause = error.response === undefined ? error.cause : new Error(says);
  return new Problem(reason.code, told(reason.what), { hint: told(reason.hint), cause });
}

function answerOf({ status, response }: Refusal): Answered {
  if (response === undefined) return "nothing";
  return status >= 500 ? "trouble" : status;
}

/** What GitHub says, without the JSON and the links that Octokit adds. */
function wordsOf(refusal: Refusal): string {
  const summary = refusal.response?.data?.message ?? refusal.message;
  const details = detailsOf(refusal).map(({ message, field, code }) =>
    (message ?? `${field} ${code}`).trim().replaceAll(/\s+/gu, " "),
  );
  return details.length === 0 ? summary : `${summary}: ${details.join(", ")}`;
}
