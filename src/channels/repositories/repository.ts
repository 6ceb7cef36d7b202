import type { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import type { Retry } from "../../net/retry.ts";

export interface TapOptions {
  /** `owner/name`, or a path on GitLab. */
  readonly name: string;
  readonly apiUrl: string;
  readonly token: Secret;
  readonly reach: Reach;
}

/** The newest commit of a branch. */
export interface BranchHead {
  readonly branch: string;
  readonly commit: string;
}

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
  /** Whether the parent commit has another text there. */
  readonly exists: boolean;
}

/** One commit on top of `parent`. */
export interface Change {
  readonly branch: string;
  readonly parent: string;
  /** Whether the branch begins with it. */
  readonly begins: boolean;
  readonly message: string;
  readonly files: readonly WrittenFile[];
}

export interface Proposal {
  readonly url: string;
  readonly state: "open" | "closed" | "merged";
}

export interface ProposalRequest {
  readonly branch: string;
  /** The branch that it is to be merged into. */
  readonly onto: string;
  readonly title: string;
}

/**
 * A repository that is written to through its forge's API. Every call throws a `Problem`, `Passing` where what was
 * asked may have been done, or may be at the next try.
 */
export interface TapRepository {
  /** e.g. `pull request`. */
  readonly proposalName: string;
  /** Tries again what may be. */
  readonly again: Retry;
  /** Reads what the token may do; gives what the reader should know. Changes nothing. */
  check(proposes: boolean, signal?: AbortSignal): Promise<readonly string[]>;
  /** Of the branch that people install from. */
  head(signal?: AbortSignal): Promise<BranchHead>;
  /** Undefined where there is no such branch. */
  branch(name: string, signal?: AbortSignal): Promise<BranchHead | undefined>;
  /** What lies at the top. */
  names(commit: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  read(path: string, commit: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Gives the address of the commit. Only ever adds to the branch. */
  commit(change: Change, signal?: AbortSignal): Promise<string>;
  /** The newest one of a branch, whatever became of it. */
  proposal(branch: string, signal?: AbortSignal): Promise<Proposal | undefined>;
  propose(request: ProposalRequest, signal?: AbortSignal): Promise<Proposal>;
}
