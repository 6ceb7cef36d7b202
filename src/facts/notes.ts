import { join } from "node:path";
import { type Config, isCallers } from "../config/config.ts";
import { contained } from "../git/contained.ts";
import type { Git } from "../git/git.ts";
import type { GitFacts } from "../git/git-facts.ts";
import { defined } from "../model/defined.ts";
import { relativePath } from "../model/paths.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { World } from "../world/world.ts";
import { withAuthors } from "./authors.ts";
import type { Changelog, ModuleFacts, NotesFacts } from "./facts.ts";
import { chooseTag } from "./tags.ts";

interface NotesInputs {
  readonly config: Config;
  /** Absolute folder of the module. */
  readonly folder: string;
  /** Absolute root of the repository, or the module's folder where there is none. */
  readonly root: string;
  readonly surroundings: Surroundings;
  readonly module: ModuleFacts;
  readonly repository: GitFacts | undefined;
}

/** What release notes can be made of. Throws a `Problem` for a file that is not there. */
export async function notesFacts(
  { config, folder, root, surroundings, module, repository }: NotesInputs,
  git: Git,
  files: World["files"],
): Promise<NotesFacts> {
  const { settings } = config;
  const { tag, previousTag } = chooseTag({
    asked: settings.tag,
    ref: surroundings.ref,
    git: repository,
    module,
  });
  const isFile = !/^(auto|commits|generated|tag)$/u.test(settings.notes);
  const own = { input: "notes", path: settings.notes } as const;
  return defined({
    changelogs: await changelogsIn(module.folder === "." ? [folder] : [folder, root], files),
    ...(await commitsSince(previousTag, { module, repository, settings }, git, files)),
    tagMessage: tag === undefined ? undefined : await git.tagMessage(tag),
    file: isFile ? await textOf(own, config, { folder, git, files }) : undefined,
    ...(await textsAround(config, folder, git, files)),
  });
}

async function changelogsIn(
  folders: readonly string[],
  files: World["files"],
): Promise<readonly Changelog[]> {
  const found = await Promise.all(
    folders.map(async (folder, at): Promise<readonly Changelog[]> => {
      const name = (await files.list(folder))
        .filter((entry) => entry.kind === "file" && /^changelog(\.md)?$/iu.test(entry.name))
        .map((entry) => entry.name)
        // Of two, the one that is Markdown.
        .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))[0];
      if (name === undefined) return [];
      const text = await files.readText(join(folder, name));
      return [{ name: at === 0 ? name : `the repository's ${name}`, text, shared: at > 0 }];
    }),
  );
  return found.flat();
}

async function commitsSince(
  previousTag: string | undefined,
  {
    module,
    repository,
    settings,
  }: Pick<NotesInputs, "module" | "repository"> & Pick<Config, "settings">,
  git: Git,
  files: World["files"],
): Promise<Pick<NotesFacts, "commits" | "moreCommits" | "incomplete" | "newcomers">> {
  if (repository === undefined) return { commits: [], moreCommits: 0, incomplete: false };
  const range = previousTag === undefined ? "HEAD" : `refs/tags/${previousTag}..HEAD`;
  const { shallow } = repository;
  const facts = {
    // Some commits change no file and tell something all the same.
    ...(await git.history(range, module.folder === "." ? undefined : ".")),
    incomplete: shallow && (await isCutOff(range, git, files)),
  };
  const { notesAuthors, notesNewcomers: newcomers } = settings;
  if (notesAuthors === "none" && !newcomers) return facts;
  return await withAuthors(facts, { range, previousTag, shallow, newcomers }, git);
}

/** A shallow clone may have the whole range all the same: git lists the commits whose parents it lacks. */
async function isCutOff(range: string, git: Git, files: World["files"]): Promise<boolean> {
  const list = await git.path("shallow");
  if ((await files.stat(list))?.kind !== "file") return false;
  const edge = new Set((await files.readText(list)).split("\n"));
  return (await git.commits(range)).some((hash) => edge.has(hash));
}

/** Whether `header` or `footer` is the path of a file and no text. */
export function isPathOfText(value: string | undefined): value is string {
  return value !== undefined && /^[^\s{}]+\.md$/u.test(value);
}

async function textsAround(
  config: Config,
  folder: string,
  git: Git,
  files: World["files"],
): Promise<Pick<NotesFacts, "header" | "footer">> {
  const { header, footer } = config.settings;
  const read = (input: "header" | "footer", path: string): Promise<string> =>
    textOf({ input, path }, config, { folder, git, files });
  return {
    ...(isPathOfText(header) ? { header: await read("header", header) } : {}),
    ...(isPathOfText(footer) ? { footer: await read("footer", footer) } : {}),
  };
}

/**
 * Of what a file of the commit names only the committed bytes are read: what else lies in the checkout was made by
 * this machine or this job, and may be secret.
 */
async function textOf(
  { input, path: named }: { readonly input: "notes" | "header" | "footer"; readonly path: string },
  config: Config,
  { folder, git, files }: { folder: string; git: Git; files: World["files"] },
): Promise<string> {
  const byCommit = !isCallers(config, input);
  const path = await contained({ input, path: named, byCommit }, folder, files);
  if ((await files.stat(path))?.kind !== "file") {
    throw new Problem("no-notes", `${input}: ${path} is not a file`, {
      hint:
        input === "notes"
          ? "use `auto`, `commits`, `generated`, `tag` or the path of a Markdown file"
          : "write the text itself, or the path of a file that ends with `.md`",
    });
  }
  const inside = relativePath(await files.real(folder), await files.real(path));
  if (byCommit && (await git.root()) !== undefined && (await git.tracked([inside])).size === 0) {
    throw new Problem("notes-untracked", `${input}: ${named} is not committed`, {
      hint: `commit it, or let the caller name it: \`--${input}\`, an input of the job or GO_RELEASE_${input.toUpperCase()}`,
    });
  }
  return await files.readText(path);
}
