import type { Git } from "../git/git.ts";
import type { CommitAuthor, NotesFacts } from "./facts.ts";

/** Whose the commits of a range are, and who of them had none before. */
interface AuthorsQuestion {
  readonly range: string;
  /** The release before; everybody is new to the first one. */
  readonly previousTag: string | undefined;
  /** Whether history ends somewhere, so that nobody can tell who came first. */
  readonly shallow: boolean;
  readonly newcomers: boolean;
}

/** The authors of commits that are there already, and first contributions where they are asked for. */
export async function withAuthors<Facts extends Pick<NotesFacts, "commits">>(
  facts: Facts,
  { range, previousTag, shallow, newcomers }: AuthorsQuestion,
  git: Git,
): Promise<Facts & Pick<NotesFacts, "newcomers">> {
  const found = await git.authors(range);
  const byHash = new Map(found.map(({ hash, ...author }) => [hash, author]));
  const commits = facts.commits.map((commit) => {
    const author = byHash.get(commit.hash);
    return author === undefined ? commit : { ...commit, author };
  });
  const own = { ...facts, commits };
  if (!newcomers || previousTag === undefined || shallow) return own;
  const before = await git.authors(`refs/tags/${previousTag}`);
  return { ...own, newcomers: firstCommits(found, before) };
}

type AuthoredCommit = CommitAuthor & { readonly hash: string };

/** By name and address: one of them changes now and then, both at once seldom. */
function firstCommits(
  found: readonly AuthoredCommit[],
  before: readonly CommitAuthor[],
): NonNullable<NotesFacts["newcomers"]> {
  const known = new Set(before.flatMap(namesOf));
  return found.toReversed().flatMap(({ hash, ...author }) => {
    const names = namesOf(author);
    const isKnown = names.some((name) => known.has(name));
    for (const name of names) known.add(name);
    return isKnown || author.name.endsWith("[bot]") ? [] : [{ author, hash }];
  });
}

function namesOf({ name, email }: CommitAuthor): readonly string[] {
  return [`name ${name.toLowerCase()}`, `email ${email.toLowerCase()}`];
}
