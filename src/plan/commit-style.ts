import type { Settings } from "../config/inputs.ts";
import type { CommitFact } from "../facts/facts.ts";
import { patternOf } from "../model/pattern.ts";

/** How the notes list commits. */
export interface CommitStyle {
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
  readonly groups: readonly CommitGroup[];
  readonly sort: Settings["notesSort"];
  /** Characters of a hash; none is 0. */
  readonly hash: number;
  /** Whether each has its author. */
  readonly authors: boolean;
  /** Whether first contributions are listed. */
  readonly newcomers: boolean;
}

interface CommitGroup {
  readonly title: string;
  /** Absent where it takes all that are left. */
  readonly pattern?: RegExp;
  readonly order: number;
}

/** As nobody asked for anything else. */
export const PLAIN: CommitStyle = {
  include: [],
  exclude: [],
  groups: [],
  sort: "date",
  hash: 12,
  authors: false,
  newcomers: false,
};

type StyleSettings = Pick<
  Settings,
  | "notesAuthors"
  | "notesNewcomers"
  | "notesInclude"
  | "notesExclude"
  | "notesGroups"
  | "notesSort"
  | "notesHash"
>;

export function commitStyle(settings: StyleSettings): CommitStyle {
  const { notesHash = "12" } = settings;
  return {
    include: settings.notesInclude.map((pattern) => patternOf(pattern)),
    exclude: settings.notesExclude.map((pattern) => patternOf(pattern)),
    groups: settings.notesGroups.map(({ title, pattern, order }, at) => ({
      title,
      ...(pattern === undefined ? {} : { pattern: patternOf(pattern) }),
      order: order === undefined ? at : Number(order),
    })),
    sort: settings.notesSort,
    authors: settings.notesAuthors !== "none",
    newcomers: settings.notesNewcomers,
    hash: notesHash === "none" ? 0 : notesHash === "full" ? 64 : Number(notesHash),
  };
}

/** Commits of one title; those without one stand by themselves. */
export interface GroupedCommits {
  readonly title: string | undefined;
  readonly commits: readonly CommitFact[];
}

/** The groups that have commits, in their order, and how many commits are in none. */
export function grouped(
  commits: readonly CommitFact[],
  groups: CommitStyle["groups"],
): { readonly groups: readonly GroupedCommits[]; readonly left: number } {
  const taken = new Map(groups.map((group) => [group, [] as CommitFact[]]));
  let left = 0;
  for (const commit of commits) {
    const group =
      groups.find(({ pattern }) => pattern?.test(commit.subject) === true) ??
      groups.find(({ pattern }) => pattern === undefined);
    if (group === undefined) left += 1;
    else taken.get(group)?.push(commit);
  }
  const sorted = [...taken].sort(([a], [b]) => a.order - b.order);
  const found = sorted.map(([{ title }, own]) => ({ title, commits: own }));
  return { groups: found.filter((group) => group.commits.length > 0), left };
}

/** Those that are wanted, in the order that is wanted; `isFelt` decides where nobody said. */
export function chosenCommits(
  commits: readonly CommitFact[],
  { include, exclude, groups, sort }: CommitStyle,
  isFelt: (commit: CommitFact) => boolean,
): readonly CommitFact[] {
  const asked = include.length + exclude.length + groups.length > 0;
  const wanted = commits.filter((commit) => {
    const matches = (pattern: RegExp): boolean => pattern.test(commit.subject);
    if (!asked) return isFelt(commit);
    return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
  });
  if (sort === "date") return wanted;
  const sign = sort === "asc" ? 1 : -1;
  return wanted.toSorted((a, b) =>
    a.subject < b.subject ? -sign : a.subject > b.subject ? sign : 0,
  );
}
