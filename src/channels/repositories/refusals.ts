import { Problem } from "../../model/problem.ts";

/** What to do once a server answers again. */
export const ADVICE =
  "run `publish --channels` again: the release is there, and what was written is kept";

/** What a forge answered to a channel's request. */
export interface ChannelRefusal {
  /** e.g. `writing Formula/hello.rb`. */
  readonly doing: string;
  readonly repository: string;
  /** e.g. `GitHub`. */
  readonly server: string;
  readonly status: number;
  /** In the forge's own words. */
  readonly says: string;
}

/** One row of the table: what a forge answers, and what its reader needs to know. */
interface Reason {
  readonly status?: readonly number[];
  readonly says?: RegExp;
  readonly code: string;
  readonly words: string;
  readonly hint: string;
}

const TOKEN = "`tap-token` (the variable GO_RELEASE_TAP_TOKEN)";

/** Read from the top: the first row that fits explains the refusal; `{repository}` is filled in. */
const reasons: readonly Reason[] = [
  {
    status: [401],
    code: "channel-token",
    words: "the token is not accepted: it is wrong, expired or revoked",
    hint: `set ${TOKEN} to one that may write to {repository}`,
  },
  {
    says: /SAML|single sign-on/iu,
    code: "channel-permission",
    words: "the token is not authorised for the organisation of {repository}",
    hint: "authorise the token for single sign-on",
  },
  {
    says: /protected branch|rule violation|through a pull request|not allowed to push|branch is protected|cannot push/iu,
    code: "channel-protected",
    words: "the branch of {repository} is protected",
    hint: "set `homebrew-pull-request` or `scoop-pull-request`, so that a person merges the change, or let the token's owner bypass the rule",
  },
  {
    status: [403],
    code: "channel-permission",
    words: "the token may not write to {repository}",
    hint: `set ${TOKEN} to one that may: “Contents: write” on GitHub, and “Pull requests: write” to propose; the scope api and the role Developer on GitLab; a job's own token reaches its own project alone`,
  },
  {
    status: [404],
    code: "channel-repository",
    words: "{repository} is not there, or the token may not see it",
    hint: `create the repository with a first commit, or set ${TOKEN} to one that may read and write it`,
  },
  {
    status: [409],
    says: /empty/iu,
    code: "channel-empty-repository",
    words: "{repository} has no commit",
    hint: "make a first one, e.g. a README",
  },
];

/** The `Problem` of a refusal, with its cure. */
export function refusedProblem(refused: ChannelRefusal): Problem {
  const { doing, repository, server, status, says } = refused;
  const reason = reasons.find(
    (row) => (row.status?.includes(status) ?? true) && (row.says?.test(says) ?? true),
  );
  const origin = `${server} answered ${status}${says === "" ? "" : `: ${says}`}`;
  const told = (words: string): string => words.replaceAll("{repository}", () => repository);
  if (reason === undefined)
    return new Problem("channel-refused", `${doing} was refused (${origin})`, {
      hint: "the message names the rule; when it is dealt with, `publish --channels` does the rest",
    });
  return new Problem(reason.code, `${doing} failed: ${told(reason.words)} (${origin})`, {
    hint: told(reason.hint),
  });
}

/** The right that only writing shows. */
export function mayNotWrite(repository: string): Problem {
  return refusedProblem({
    doing: `asking whether ${repository} may be written to`,
    repository,
    server: "the forge",
    status: 403,
    says: "",
  });
}

export function archived(repository: string): Problem {
  return new Problem("channel-archived", `${repository} is archived and takes no commit`, {
    hint: "unarchive it in its settings, or name another repository",
  });
}

export function emptyRepository(repository: string): Problem {
  return new Problem("channel-empty-repository", `${repository} has no commit`, {
    hint: "make a first one, e.g. a README",
  });
}
