import { notesVariables } from "../model/template.ts";
import { checked, choice, flag, type Input, list, text } from "./input-types.ts";
import { rows } from "./rows.ts";
import { lengthRule, patternRule } from "./value-rules.ts";

const around = { variables: notesVariables, shown: "nothing" };
/** One a line: a comma may be part of a pattern. */
const patterns = {
  separator: /\n/u,
  fault: (all: readonly string[]) => {
    const rule = all.map(patternRule).find((one) => one !== undefined);
    return rule === undefined ? undefined : { rule };
  },
};

/** What the notes of a release say besides what `notes` chooses. */
export const notesInputs = {
  header: text(
    "what stands before the notes: Markdown, or the path of a committed file that ends with `.md`; besides the usual variables `{previous-tag}` may be used",
    undefined,
    around,
  ),
  footer: text(
    "what stands after the notes: Markdown, or the path of such a file",
    undefined,
    around,
  ),
  notesInclude: list(
    "of the commits only those whose subject one of these regular expressions matches",
    [],
    { shown: "all that users notice", ...patterns },
  ),
  notesExclude: list(
    "leave out commits whose subject one of these regular expressions matches",
    [],
    { shown: "docs, test, ci, chore, style, build", ...patterns },
  ),
  notesGroups: rows(
    "the commits under titles; each goes to the first group whose pattern matches its subject",
    {
      title: text("title of the group", ""),
      pattern: checked("regular expression over the subject", patternRule, {
        shown: "all commits that no other group takes",
      }),
      order: checked("place among the groups, a number", lengthRule, {
        shown: "its place in the list",
      }),
    },
    { required: ["title"], shown: "none" },
  ),
  notesSort: choice(
    "order of the commits: `date` is newest first, `asc` and `desc` are by subject",
    ["date", "asc", "desc"],
    "date",
  ),
  notesAuthors: choice(
    "name the author of each commit: `handles` as the forge knows them (GitHub), which mentions them, else `names`",
    ["none", "names", "handles"],
    "none",
  ),
  notesNewcomers: flag("list whose first contribution the release has", false),
  notesHash: checked(
    "characters of each commit's hash; `none` or `full`",
    (value) => (/^(none|full)$/u.test(value) ? undefined : lengthRule(value)),
    { shown: "12" },
  ),
} satisfies Record<string, Input<unknown>>;
