import type { CommitAuthor, CommitFact, NotesFacts } from "../facts/facts.ts";
import { literal } from "../markdown/literal.ts";
import {
  type CommitStyle,
  chosenCommits,
  type GroupedCommits,
  grouped,
  PLAIN,
} from "./commit-style.ts";
import type { PlannedNotes } from "./planned-notes.ts";

/** Notes from the commits since the previous tag: in groups that were asked for, or those that break something first. */
export function commitNotes(
  { commits, moreCommits, incomplete, newcomers }: Omit<NotesFacts, "changelogs">,
  previousTag: string | undefined,
  style: CommitStyle = PLAIN,
): PlannedNotes {
  const chosen = chosenCommits(commits, style, (commit) => isBreaking(commit) || isFelt(commit));
  const { groups, left } =
    style.groups.length === 0
      ? { groups: breakingFirst(chosen), left: 0 }
      : grouped(chosen, style.groups);
  const since = previousTag === undefined ? "" : ` since ${previousTag}`;
  const notices = [
    ...(incomplete ? [`the notes may lack commits${since}: ${SHALLOW}`] : []),
    ...(moreCommits > 0
      ? [`the notes list the newest ${commits.length} commits${since} and lack ${moreCommits} more`]
      : []),
    ...(left === 0 ? [] : [`the notes leave out ${left} commits${since} that no group takes`]),
  ];
  if (style.newcomers && newcomers === undefined && previousTag !== undefined)
    notices.push(`the notes list no first contributions: ${SHALLOW}`);
  if (groups.length === 0) return { text: "", notices: [...notices, empty(commits, since, style)] };
  const rest = moreCommits === 0 ? [] : ["", `… and ${moreCommits} earlier commits`];
  const all = [...listOf(groups, style), ...rest, ...newcomerLines(newcomers ?? [], style)];
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

function empty(
  { length }: readonly CommitFact[],
  since: string,
  { include, exclude, groups }: CommitStyle,
): string {
  if (length === 0) return `the notes are empty: there is no commit${since}`;
  return include.length + exclude.length + groups.length > 0
    ? `the notes are empty: \`notes-include\`, \`notes-exclude\` and \`notes-groups\` leave none of the ${length} commits${since}`
    : `the notes are empty: all commits${since} are of type docs, test, ci, chore, style or build`;
}

function breakingFirst(commits: readonly CommitFact[]): readonly GroupedCommits[] {
  const breaking = commits.filter(isBreaking);
  const others = commits.filter((commit) => !isBreaking(commit));
  if (commits.length === 0) return [];
  if (breaking.length === 0) return [{ title: undefined, commits: others }];
  const first = { title: "Breaking changes", commits: breaking };
  return others.length === 0 ? [first] : [first, { title: "Other changes", commits: others }];
}

function listOf(groups: readonly GroupedCommits[], style: CommitStyle): readonly string[] {
  return groups.flatMap(({ title, commits }, at) => [
    ...(at === 0 ? [] : [""]),
    ...(title === undefined ? [] : [`### ${title}`, ""]),
    ...commits.map((commit) => lineOf(commit, style)),
  ]);
}

function newcomerLines(
  newcomers: NonNullable<NotesFacts["newcomers"]>,
  { newcomers: asked, hash: length }: CommitStyle,
): readonly string[] {
  if (!asked || newcomers.length === 0) return [];
  const lines = newcomers.map(({ author, hash }) => {
    const where = length === 0 ? "" : ` in ${hash.slice(0, length)}`;
    return `- ${authorOf(author)} made their first contribution${where}`;
  });
  return ["", "### New contributors", "", ...lines];
}

/** A handle mentions, as was asked for; a name does not. */
function authorOf({ name, handle }: CommitAuthor): string {
  return handle === undefined ? literal(shortened(name, 100)) : `@${handle}`;
}

function lineOf(
  { hash, subject, breaking, author }: CommitFact,
  { hash: length, authors }: CommitStyle,
): string {
  const short = length === 0 ? "" : ` (${hash.slice(0, length)})`;
  const by = authors && author !== undefined ? ` by ${authorOf(author)}` : "";
  const line = `- ${literal(shortened(subject, 500))}${short}${by}`;
  return breaking === undefined || breaking === ""
    ? line
    : `${line}\n  **BREAKING CHANGE**: ${literal(shortened(breaking, 2000))}`;
}

/** A subject of one endless line is no subject. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/\p{Surrogate}$/u, "")}…`;
}
