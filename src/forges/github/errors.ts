import * as z from "zod/mini";
import { Problem } from "../../model/problem.ts";

/** What Octokit throws; known by its shape, so that Octokit itself is loaded only when it is used. */
export interface Refusal extends Error {
  readonly status: number;
  readonly response: { readonly data: RefusedRequest };
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "HttpError" && "response" in error;
}

export function isMissing(error: unknown): error is Error {
  return isRefusal(error) && error.status === 404;
}

/** Undefined for what is not there. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Something of that name or tag is there already. */
export function isTaken(error: unknown): error is Error {
  return (
    isRefusal(error) &&
    error.status === 422 &&
    error.response.data.errors.some(({ code }) => code === "already_exists")
  );
}

/** The problem that Octokit wraps in an error of its own, as if it were a refusal. */
export function reasonOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Problem ? error.cause : error;
}

const Detail = z.object({
  code: z.optional(z.string()),
  field: z.optional(z.string()),
  message: z.optional(z.string()),
});
const Refused = z.object({ message: z.optional(z.string()), errors: z.optional(z.unknown()) });

/** What is read of a refusal, `said` where it has no words of its own: Octokit gets no more of it to be led astray by. */
export function refused(data: unknown, said: string): RefusedRequest {
  const { message = said, errors = [] } = Refused.safeParse(data).data ?? {};
  // Details are mostly objects; some endpoints answer with texts, or with one.
  const details = [errors]
    .flat()
    .map((detail: unknown) => (typeof detail === "string" ? { message: detail } : detail))
    .map((detail) => Detail.safeParse(detail).data ?? {});
  return { message, errors: details };
}

export interface RefusedRequest {
  readonly message: string;
  readonly errors: readonly z.infer<typeof Detail>[];
}

/** One row of the table: what GitHub answers, and what its reader needs to know. */
interface Reason {
  readonly status?: number;
  /** Of GitHub's own words. */
  readonly says?: RegExp;
  readonly code: string;
  /** Ends with `: {says}` where GitHub's own words follow. */
  readonly what: string;
  readonly hint: string;
}

/** Read from the top: the first row that fits explains the refusal; `{repository}`, `{tag}` and `{says}` are filled in. */
const reasons: readonly Reason[] = [
  {
    status: 401,
    code: "github-token",
    what: "GitHub does not accept the token: {says}",
    hint: "give a valid `token`; in a workflow the default ${{ github.token }} is enough",
  },
  {
    status: 403,
    says: /integration/u,
    code: "github-permission",
    what: "the workflow's token has no permission to write releases in {repository}: {says}",
    hint: "add to the job:\n    permissions:\n      contents: write",
  },
  {
    status: 403,
    says: /SAML|single sign-on/iu,
    code: "github-permission",
    what: "the token is not authorised for the organisation of {repository}",
    hint: "authorise the token for single sign-on, or use the workflow's own token",
  },
  {
    status: 403,
    code: "github-permission",
    what: "GitHub does not allow the token to write releases in {repository}: {says}",
    hint: "grant the token “Contents: write” for {repository}; in a workflow:\n    permissions:\n      contents: write",
  },
  {
    status: 404,
    code: "github-repository",
    what: "{repository} was not found, or the token cannot access it",
    hint: "check `repository` (owner/name), and that the token has access to it",
  },
  {
    says: /immutable release/u,
    code: "github-immutable",
    what: "GitHub refuses the tag {tag} in {repository}: {says}",
    hint: "an immutable release has used the tag name {tag} permanently, even if it was deleted: release a new version",
  },
  {
    says: /Cannot create ref/u,
    code: "github-rules",
    what: "GitHub would have to create the tag, but a rule of {repository} forbids it: {says}",
    hint: "push the tag again, as a user the rule allows, then run this again: the draft is complete",
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
  const says = wordsOf(error);
  const reason = reasons.find(
    ({ status = error.status, says: words }) =>
      status === error.status && (words?.test(says) ?? true),
  );
  // The last row fits everything.
  if (reason === undefined) return error;
  const told = (words: string): string =>
    words
      .replaceAll("{repository}", () => repository)
      .replaceAll("{tag}", () => tag ?? "")
      .replaceAll("{says}", () => says);
  // Octokit's own error repeats the words and holds the whole request.
  return new Problem(reason.code, told(reason.what), { hint: told(reason.hint) });
}

/** What GitHub says, without the JSON and the links that Octokit adds. */
function wordsOf({ response }: Refusal): string {
  const { message, errors } = response.data;
  const details = errors
    .map(({ message: words, field = "", code = "" }) => words ?? `${field} ${code}`)
    .map((words) => words.trim().replaceAll(/\s+/gu, " "))
    .filter((words) => words !== "");
  return details.length === 0 ? message : `${message}: ${details.join(", ")}`;
}
