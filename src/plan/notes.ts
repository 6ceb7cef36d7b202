import type { NotesFacts } from "../facts/facts.ts";
import type { Tagging } from "../facts/tags.ts";
import { normalized } from "../markdown/blocks.ts";
import type { Plan } from "../model/plan.ts";
import { changelogSection } from "./changelog/section.ts";
import { commitNotes } from "./commit-notes.ts";
import type { CommitStyle } from "./commit-style.ts";
import type { PlannedNotes } from "./planned-notes.ts";

interface NotesSources {
  /** The `notes` input: `auto`, `commits`, `generated`, `tag` or a file. */
  readonly asked: string;
  /** How commits are listed. */
  readonly style?: CommitStyle;
  readonly facts: NotesFacts;
  readonly tagging: Pick<Tagging, "tag" | "version" | "previousTag">;
  /** The project's name. */
  readonly name: string;
  readonly module: Pick<Plan["module"], "path" | "folder">;
}

/** Chooses the notes. A snapshot is never published, so that nothing is missed in its notes. */
export function releaseNotes(inputs: NotesSources): PlannedNotes {
  const { text, notices } = chosen(inputs);
  return { text, notices: inputs.tagging.tag === undefined ? [] : notices };
}

function chosen(inputs: NotesSources): PlannedNotes {
  const { asked, facts } = inputs;
  switch (asked) {
    case "generated":
      return { text: null, notices: [] };
    case "tag":
      return ofTag(inputs);
    case "auto":
      return ofChangelog(inputs);
    case "commits":
      return commitNotes(inputs.facts, inputs.tagging.previousTag, inputs.style);
    default: {
      const text = normalized(facts.file ?? "");
      return { text, notices: text.trim() === "" ? [`notes: ${asked} is empty`] : [] };
    }
  }
}

function ofTag(inputs: NotesSources): PlannedNotes {
  const { tagMessage } = inputs.facts;
  const { tag = "" } = inputs.tagging;
  if (tagMessage !== undefined && tagMessage !== "") return { text: tagMessage, notices: [] };
  const instead = ofChangelog(inputs);
  return {
    ...instead,
    notices: [
      `${noMessage(tag, inputs.facts)}; the notes are generated as with \`notes: auto\``,
      ...instead.notices,
    ],
  };
}

function noMessage(tag: string, { tagMessage, lightweight }: NotesFacts): string {
  if (tagMessage === "") return `notes: the message of ${tag} is empty`;
  if (lightweight === true)
    return `notes: ${tag} is a lightweight tag, which has no message; use \`git tag -a\` to create an annotated tag`;
  const reference = `refs/tags/${tag}`;
  return `notes: ${tag} has no message in this clone: it is a lightweight tag, or only its commit was fetched, as actions/checkout does (\`git fetch --force origin ${reference}:${reference}\` fetches the tag itself; with a \`token\` the message is read from the forge)`;
}

function ofChangelog(inputs: NotesSources): PlannedNotes {
  const { facts, tagging } = inputs;
  const { version } = tagging;
  const notices: string[] = [];
  for (const { name, text, shared } of facts.changelogs) {
    const found = changelogSection(text, { version, names: namesOf(inputs), named: shared });
    if (found.kind === "found") {
      const doubled = `${name} has ${found.sections} sections for ${version}: the notes contain all of them`;
      return { text: found.text, notices: found.sections > 1 ? [doubled] : [] };
    }
    if (found.kind === "empty") notices.push(`the section for ${version} in ${name} is empty`);
    else if (!shared) notices.push(missing(name, version, found.unreleased));
  }
  const commits = commitNotes(facts, tagging.previousTag, inputs.style);
  const since = tagging.previousTag === undefined ? "" : ` since ${tagging.previousTag}`;
  return {
    text: commits.text,
    notices: [
      ...notices.map((notice) => `${notice}; the notes list the commits${since}`),
      ...commits.notices,
    ],
  };
}

function missing(name: string, version: string, unreleased: boolean): string {
  const hint = unreleased ? `, and its unreleased entries are not published` : "";
  return `${name} has no section for ${version}${hint}`;
}

/** What a changelog may call the module: the project, the last parts of its path, its folder. */
function namesOf({ name, module }: NotesSources): readonly string[] {
  const parts = module.path.split("/").filter((part) => !/^v\d+$/u.test(part));
  const folders = module.folder === "." ? [] : [module.folder, ...module.folder.split("/")];
  const names = [name, ...parts.slice(1), ...folders].map((one) => one.toLowerCase());
  return [...new Set([...names, ...names.flatMap((one) => one.split(/[-_.]/u))])];
}
