import { patternRule } from "../config/value-rules.ts";
import { notesVariables, unknownVariables } from "../model/template.ts";
import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { isMapping, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";

interface NotesSection {
  readonly key: string;
  readonly value: unknown;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
}

type NotesKeys = Readonly<Record<string, unknown>>;

/** Where notes come from and how commits are listed (goreleaser.com/customization/changelog). */
export function translateChangelog({ key, value, findings }: NotesSection): NotesKeys {
  const { use, disable, skip, filters, groups, sort, abbrev, format, ...rest } = mapping(value);
  if ([disable, skip].some((one) => String(one) === "true")) {
    findings.changed(
      key,
      "notes come from CHANGELOG.md or the commits; write your own with `notes: FILE`",
    );
    return {};
  }
  for (const name of Object.keys(rest))
    findings.left(`${key}.${name}`, reasons[name] ?? "has no equivalent");
  if (use === "github-native") {
    findings.kept(`${key}.use`, "notes: generated");
    return { notes: "generated" };
  }
  findings.kept(key, "notes: commits; merge commits are never listed");
  const authors = authorsIn(use, format, key, findings);
  const { include, exclude } = mapping(filters);
  const patterns = (name: string, given: unknown): NotesKeys => {
    const all = textsOf(given).flatMap((one, index) =>
      patternsOf(one, `${key}.filters.${name}[${index}]`, findings),
    );
    return all.length === 0 ? {} : { [`notes-${name}`]: all };
  };
  const rows = listOf(groups).flatMap((row, index) =>
    groupOf(mapping(row), `${key}.groups[${index}]`, findings),
  );
  return {
    notes: "commits",
    ...(authors === undefined ? {} : { "notes-authors": authors }),
    ...(sort === "asc" || sort === "desc" ? { "notes-sort": sort } : {}),
    ...(abbrev === undefined ? {} : { "notes-hash": lengthOf(Number(abbrev)) }),
    ...patterns("include", include),
    // GoReleaser excludes nothing where something is included.
    ...(include === undefined ? patterns("exclude", exclude) : {}),
    ...(rows.length === 0 ? {} : { "notes-groups": rows }),
  };
}

/** What GoReleaser has in each line by itself where it asks the forge, or where it is told how lines look. */
function authorsIn(
  use: unknown,
  format: unknown,
  key: string,
  findings: MigrationFindings,
): "names" | "handles" | undefined {
  const asks = use === "github" || use === "gitlab" || use === "gitea";
  const line = textOf(format);
  if (line !== undefined)
    findings.changed(`${key}.format`, "a line is the commit's subject, its hash and its author");
  const isNamed = line === undefined ? asks : /\.(Author|Login|Authors)/u.test(line);
  if (!isNamed) return undefined;
  const authors = use === "github" ? "handles" : "names";
  findings.changed(`${key}.use`, `notes-authors: ${authors}; commits are those of git`);
  return authors;
}

const reasons: Readonly<Record<string, string>> = {
  paths: "of a module in a folder the commits are those that touch it",
  ai: "notes are made of the commits alone",
};

function lengthOf(abbreviation: number): string {
  if (abbreviation < 0) return "none";
  return abbreviation === 0 ? "full" : String(abbreviation);
}

function groupOf(row: NotesKeys, place: string, findings: MigrationFindings): readonly NotesKeys[] {
  const { title, regexp, order, ...rest } = row;
  for (const name of Object.keys(rest)) findings.left(`${place}.${name}`, "has no counterpart");
  const written = textOf(regexp) ?? "";
  const pattern = written === "" ? [] : patternsOf(written, `${place}.regexp`, findings);
  if (written !== "" && pattern.length === 0) return [];
  return [
    {
      title: textOf(title) ?? "",
      ...(pattern[0] === undefined ? {} : { pattern: pattern[0] }),
      ...(order === undefined ? {} : { order }),
    },
  ];
}

/** RE2's classes by name are of ASCII (github.com/google/re2/wiki/Syntax). */
function patternsOf(re2: string, place: string, findings: MigrationFindings): readonly string[] {
  const pattern = Object.entries(CLASSES).reduce(
    (text, [name, instead]) => text.replaceAll(name, instead),
    re2,
  );
  const rule = patternRule(pattern);
  if (rule === undefined) return [pattern];
  findings.left(place, `\`${re2}\` ${rule}`);
  return [];
}

const CLASSES: Readonly<Record<string, string>> = {
  "[:word:]": "\\w",
  "[:alpha:]": "A-Za-z",
  "[:digit:]": "\\d",
  "[:alnum:]": "A-Za-z0-9",
  "[:space:]": "\\s",
  "[:upper:]": "A-Z",
  "[:lower:]": "a-z",
};

/** What stands before or after the notes: a text, or a file (goreleaser.com/customization/release). */
export function translateAround(
  name: "header" | "footer",
  { key, value, scope, findings }: NotesSection,
): NotesKeys {
  const place = `${key}.${name}`;
  if (isMapping(value)) {
    const path = textOf(mapping(value["from_file"])["path"]) ?? "";
    if (/^[^\s{}]+\.md$/u.test(path)) return { [name]: path };
    findings.left(
      place,
      `write the text itself, or the path of a committed file that ends with .md`,
    );
    return {};
  }
  const around = { ...scope, aroundNotes: true };
  const text = findings.attempt(place, () => translateText(textOf(value) ?? "", around));
  if (text === undefined || text === "") return {};
  const unknown = unknownVariables(text, notesVariables);
  if (unknown.length === 0) return { [name]: text };
  findings.left(
    place,
    `it has \`{${unknown[0]}}\`, which would be a variable: write it into a file`,
  );
  return {};
}
