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
import type { ModuleFacts, NotesFacts } from "./facts.ts";
import { chooseTag } from "./tags.ts";

interface NotesInputs {
  readonly config: Config;
  /** Absolute folder of the module. */
  readonly folder: string;
  readonly surroundings: Surroundings;
  readonly module: ModuleFacts;
  readonly repository: GitFacts | undefined;
}

/** What release notes can be made of. Throws a `Problem` for a file that is not there. */
export async function notesFacts(
  { config, folder, surroundings, module, repository }: NotesInputs,
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
  const message = tag === undefined ? undefined : await git.tagMessage(tag);
  const changelog = await changelogIn(folder, files);
  const range = previousTag === undefined ? "HEAD" : `${previousTag}..HEAD`;
  const file = /^(auto|generated|tag)$/u.test(settings.notes)
    ? undefined
    : await notesFile(config, folder, git, files);
  return defined({
    commits: repository === undefined ? [] : await git.subjects(range, "."),
    changelog,
    tagMessage: message,
    file,
  });
}

async function changelogIn(folder: string, files: World["files"]): Promise<string | undefined> {
  const found = (await files.list(folder)).find(
    ({ name, kind }) => kind === "file" && /^changelog(\.md)?$/iu.test(name),
  );
  return found === undefined ? undefined : await files.readText(join(folder, found.name));
}

/**
 * Of what a file of the commit names only the committed bytes are read: what else lies in the checkout was made by
 * this machine or this job, and may be secret.
 */
async function notesFile(
  config: Config,
  folder: string,
  git: Git,
  files: World["files"],
): Promise<string> {
  const { notes } = config.settings;
  const byCommit = !isCallers(config, "notes");
  const path = await contained({ input: "notes", path: notes, byCommit }, folder, files);
  if ((await files.stat(path))?.kind !== "file") {
    throw new Problem("no-notes", `notes: ${path} is not a file`, {
      hint: "use `auto`, `generated`, `tag` or the path of a Markdown file",
    });
  }
  const inside = relativePath(await files.real(folder), await files.real(path));
  if (byCommit && (await git.root()) !== undefined && (await git.tracked([inside])).size === 0) {
    throw new Problem("notes-untracked", `notes: ${notes} is not committed`, {
      hint: "commit it, or let the caller name it: `--notes`, an input of the job or GO_RELEASE_NOTES",
    });
  }
  return await files.readText(path);
}
