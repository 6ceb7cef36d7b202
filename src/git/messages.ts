import { defined } from "../model/defined.ts";

interface CommitMessage {
  readonly hash: string;
  readonly subject: string;
  /** What its footer `BREAKING CHANGE` says. */
  readonly breaking?: string;
}

/** A commit and who wrote it. */
export interface AuthoredCommit {
  readonly hash: string;
  readonly name: string;
  readonly email: string;
}

export interface CommitHistory {
  readonly commits: readonly CommitMessage[];
  /** How many were left out. */
  readonly moreCommits: number;
}

/** How `git log` is to write commits: `HASH TEXT`, each closed by a NUL. */
export const SUBJECTS = "%H %s%x00";
export const BODIES = "%H %b%x00";

/** Bodies with a footer that tells of a breaking change, for `git log --grep`. */
export const BREAKING = "^BREAKING[ -]CHANGES?:";

/** Commits from their subjects, and from the bodies of those that break something. */
export function readCommits(subjects: string, bodies: string): readonly CommitMessage[] {
  const breaking = new Map(
    entries(bodies).map(([hash, body]) => [hash, breakingFooter(body)] as const),
  );
  return entries(subjects).map(([hash, subject]) =>
    defined({ hash, subject, breaking: breaking.get(hash) }),
  );
}

function entries(log: string): readonly (readonly [hash: string, text: string])[] {
  return log.split("\0").flatMap((entry) => {
    const [, hash, text = ""] = /^\n?([0-9a-f]+) ([\s\S]*)$/u.exec(entry) ?? [];
    return hash === undefined ? [] : [[hash, text] as const];
  });
}

/**
 * What the footer `BREAKING CHANGE` of a commit's body says, on one line; undefined where there is none
 * (conventionalcommits.org, rules 8 to 16).
 */
function breakingFooter(body: string): string | undefined {
  const [, text] =
    /^BREAKING[ -]CHANGES?:((?:.|\n(?!\n|[\w-]+(?:: | #)|BREAKING[ -]CHANGE))*)/mu.exec(
      body.replaceAll("\r\n", "\n"),
    ) ?? [];
  return text?.replaceAll(/\s+/gu, " ").trim();
}

/** A tag's message without the signature that git keeps at its end (git-scm.com/docs/signature-format). */
export function unsignedMessage(message: string): string {
  const at = message.search(
    /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/mu,
  );
  return (at < 0 ? message : message.slice(0, at)).replace(/^\s*\n/u, "").trimEnd();
}
