export interface TagFact {
  readonly name: string;
  /** The commit it leads to, peeled. */
  readonly commit: string;
  /** Whether HEAD descends from it. */
  readonly merged: boolean;
}

export interface GitFacts {
  readonly commit: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
  /** Changed or untracked paths, relative to the repository's root. */
  readonly dirty: readonly string[];
  readonly shallow: boolean;
  /** The branch that is checked out; absent on a commit or tag alone. */
  readonly branch?: string;
  readonly tags: readonly TagFact[];
  /** URL of `origin`, credentials removed. */
  readonly remote?: string;
  /** Further addresses of the same, the likeliest first, where one may tell more. */
  readonly otherRemotes?: readonly string[];
}
