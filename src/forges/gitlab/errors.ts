import { Problem } from "../../model/problem.ts";
import type { Answer } from "../../net/exchange.ts";
import type { Token } from "./token.ts";

/** One row of the table: what GitLab answers, and what its reader needs to know. */
interface Reason {
  readonly status: number | readonly number[];
  /** Of GitLab's own message. */
  readonly says?: RegExp;
  /** Of the request, e.g. `POST /releases`. */
  readonly asked?: RegExp;
  readonly token?: Token["kind"];
  readonly code: string;
  readonly words: string;
  readonly hint: string;
}

/** Read from the top: the first row that fits explains the refusal. */
const reasons: readonly Reason[] = [
  {
    status: 401,
    token: "job",
    code: "gitlab-token",
    words: "the job token is not accepted",
    hint: "a job token expires with its job: run the job again; or set `token` (the variable GO_RELEASE_TOKEN) to a project access token with the scope api",
  },
  {
    status: 401,
    code: "gitlab-token",
    words: "the token is not accepted: it is wrong, expired or revoked",
    hint: "set `token` (the variable GO_RELEASE_TOKEN) to a project access token with the role Developer and the scope api",
  },
  {
    status: 403,
    says: /insufficient_scope/,
    code: "gitlab-token",
    words: "the token's scope is too narrow",
    hint: "give the token the scope api",
  },
  {
    status: 403,
    says: /job token not allowed from/i,
    code: "gitlab-hidden",
    words: "this job's project is not on the allowlist of the project that is released to",
    hint: "add it there under Settings > CI/CD > Job token permissions, or set `token` (the variable GO_RELEASE_TOKEN) to a project access token of that project",
  },
  {
    status: 403,
    says: /token permissions? (is|are) required/i,
    code: "gitlab-permission",
    words: "the fine-grained permissions of this job's token are too narrow",
    hint: "add Packages: Read and write, Releases: Read and write and Repositories: Read for this job's project under Settings > CI/CD > Job token permissions of the project that is released to",
  },
  {
    status: 405,
    says: /moved project/i,
    code: "gitlab-moved",
    words: "the project has moved to another path and accepts writes only there",
    hint: "set `repository` to the project's current path or its numeric ID",
  },
  {
    status: 403,
    says: /create this tag/i,
    code: "gitlab-protected-tag",
    words:
      "the tag is protected and this job's user is not allowed to create such tags, which GitLab requires even if the tag exists",
    hint: "add the user's role under Settings > Repository > Protected tags > Allowed to create, or let a user who is allowed to create it push the tag",
  },
  {
    status: [400, 403],
    says: /package protected|protected package/i,
    code: "gitlab-protected-package",
    words: "the package is protected and the token's role is too low to push to it",
    hint: "lower the role under Settings > Packages and registries > Protected packages, or use a token with that role",
  },
  {
    status: [400, 413],
    says: /too large|entity/i,
    code: "gitlab-too-large",
    words: "the file is larger than this instance allows for a generic package",
    hint: "make it smaller, or ask an administrator to raise “Generic package file size” under Package registry (5 GiB by default)",
  },
  {
    status: 413,
    code: "gitlab-too-large",
    words: "a proxy in front of GitLab refuses a body of this size",
    hint: "raise its limit, e.g. client_max_body_size of nginx",
  },
  {
    status: 403,
    asked: /PUT \/packages/,
    token: "job",
    code: "gitlab-permission",
    words:
      "the role of the user who started this job is below Developer, which is needed to upload a package",
    hint: "let a user with the role Developer or higher start the job; for another project than the job's own, also add that one under Settings > CI/CD > Job token permissions of the project that is released to",
  },
  {
    status: 403,
    // The list was read before: the registry is there.
    asked: /PUT \/packages/,
    code: "gitlab-permission",
    words: "the token's role is below Developer, which is needed to upload a package",
    hint: "let a user with the role Developer or higher start the job, or use a token with that role",
  },
  {
    status: 403,
    asked: / \/packages/,
    code: "gitlab-registry",
    words:
      "the package registry is disabled for this project, or the token's role is below Developer",
    hint: "enable it under Settings > General > Visibility > Package registry; the files of a release are stored there",
  },
  {
    status: 403,
    asked: /GET \/releases/,
    code: "gitlab-permission",
    words: "releases are disabled for this project, or the token's role is too low to see them",
    hint: "enable them under Settings > General > Visibility > Releases, and use a token with the role Developer or higher",
  },
  {
    status: 403,
    code: "gitlab-permission",
    words: "the token's role is too low",
    hint: "let a user with the role Developer or higher start the job, or use a token with that role",
  },
  {
    status: 404,
    says: /^404 not found$/i,
    asked: /GET \/packages$/,
    code: "gitlab-registry",
    words: "the package registry is disabled on this instance",
    hint: "ask its administrator to enable packages (packages_enabled): the files of a release are stored there",
  },
  {
    status: 404,
    token: "job",
    code: "gitlab-hidden",
    words: "the project does not exist, or this job's token cannot access it",
    hint: "add this project under Settings > CI/CD > Job token permissions of the project that is released to, or set `token` (the variable GO_RELEASE_TOKEN) to a project access token of it",
  },
  {
    status: 404,
    code: "gitlab-hidden",
    words: "the project does not exist, or this token cannot access it",
    hint: "check `repository`, and that the token belongs to a member of the project",
  },
  {
    status: 422,
    asked: /POST \/releases$/,
    code: "gitlab-tag-missing",
    words: "the tag does not exist",
    hint: "push the tag first; a pipeline for a tag always has it",
  },
  {
    status: 400,
    says: /milestone/i,
    code: "gitlab-milestone",
    words: "a milestone does not exist",
    hint: "create it under Plan > Milestones, or fix `milestones`",
  },
];

/** The `Problem` for an answer that nothing can be done about here: what was tried, why it failed, the cure. */
export function refusal(
  call: { readonly doing: string; readonly method: string; readonly path: string },
  answer: Pick<Answer, "status" | "said">,
  token: Token["kind"],
): Problem {
  const says = answer.said;
  const asked = `${call.method} ${call.path.split("?", 1)[0] ?? ""}`;
  const reason = reasons.find(
    (row) =>
      [row.status].flat().includes(answer.status) &&
      (row.says?.test(says) ?? true) &&
      (row.asked?.test(asked) ?? true) &&
      (row.token ?? token) === token,
  );
  const origin = `GitLab answered ${answer.status}${says === "" ? "" : `: ${says}`}`;
  if (reason === undefined)
    return new Problem("gitlab-refused", `${call.doing} was refused (${origin})`, {
      hint: "check that `api-url` is the address of the API (it ends in /api/v4) and that no proxy answers instead",
    });
  return new Problem(reason.code, `${call.doing} failed: ${reason.words} (${origin})`, {
    hint: reason.hint,
  });
}
