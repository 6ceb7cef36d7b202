import type { CommitFact, NotesFacts } from "../facts/facts.ts";
import { literal } from "../markdown/literal.ts";
import type { PlannedNotes } from "./planned-notes.ts";

/** Notes from the commits since the previous tag, those that break something first. */
export function commitNotes(
  { commits, moreCommits, incomplete }: Omit<NotesFacts, "changelogs">,
  previousTag: string | undefined,
): PlannedNotes {
  const breaking = commits.filter(isBreaking);
  const others = commits.filter((commit) => !isBreaking(commit) && isFelt(commit));
  const since = previousTag === undefined ? "" : ` since ${previousTag}`;
  const notices = [
    ...(incomplete ? [`the notes may lack commits${since}: ${SHALLOW}`] : []),
    ...(moreCommits > 0
      ? [`the notes list the newest ${commits.length} commits${since} and lack ${moreCommits} more`]
      : []),
  ];
  if (breaking.length + others.length === 0)
    return { text: "", notices: [...notices, empty(commits, since)] };
  const rest = moreCommits === 0 ? [] : ["", `… and ${moreCommits} earlier commits`];
  const all = [...listOf(breaking, others), ...rest];
  return { text: [`## Changes${since}`, "", ...all].join("\n"), notices };
}

const SHALLOW =
  "the clone is shallow; fetch its history with `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` on GitLab, or `git fetch --unshallow --tags`";

function isBreaking({ subject, breaking }: CommitFact): boolean {
  return breaking !== undefined || /^\w+(\([^)]*\))?!:/u.test(subject);
}

/** Whether users of the program may notice it. */
function isFelt({ subject }: CommitFact): boolean {
  return !/^(docs?|tests?|ci|chore|style|build)(\([^)]*\))?:/iu.test(subject);
}

function empty({ length }: readonly CommitFact[], since: string): string {
  return length === 0
    ? `the notes are empty: there is no commit${since}`
    : `the notes are empty: all commits${since} are of type docs, test, ci, chore, style or build`;
}

function listOf(breaking: readonly CommitFact[], others: readonly CommitFact[]): readonly string[] {
  if (breaking.length === 0) return others.map(lineOf);
  const first = ["### Breaking changes", "", ...breaking.map(lineOf)];
  return others.length === 0
    ? first
    : [...first, "", "### Other changes", "", ...others.map(lineOf)];
}

function lineOf({ hash, subject, breaking }: CommitFact): string {
  const line = `- ${literal(shortened(subject, 500))} (${hash.slice(0, 12)})`;
  return breaking === undefined || breaking === ""
    ? line
    : `${line}\n  **BREAKING CHANGE**: ${literal(shortened(breaking, 2000))}`;
}

/** A subject of one endless line is no subject. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/\p{Surrogate}$/u, "")}…`;
}
