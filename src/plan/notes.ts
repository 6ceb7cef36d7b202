import type { NotesFacts } from "../facts/facts.ts";

interface NotesQuestion {
  /** The `notes` input: `auto`, `generated`, `tag` or a file. */
  readonly asked: string;
  readonly facts: NotesFacts;
  readonly version: string;
  readonly previousTag: string | undefined;
}

/** Markdown for the release; null leaves it to the forge. */
export function releaseNotes({ asked, facts, version, previousTag }: NotesQuestion): string | null {
  switch (asked) {
    case "generated":
      return null;
    case "tag":
      return facts.tagMessage ?? "";
    case "auto":
      return (
        changelogSection(facts.changelog ?? "", version) ?? commitList(facts.commits, previousTag)
      );
    default:
      return facts.file ?? "";
  }
}

/** The body under the heading that names `version`, up to the next heading of its rank (keepachangelog.com). */
export function changelogSection(changelog: string, version: string): string | undefined {
  const lines = changelog.split(/\r?\n/u);
  const start = lines.findIndex((line) => rankOf(line) > 0 && names(line, version));
  if (start < 0) return undefined;
  const rank = rankOf(lines[start] ?? "");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => rankOf(line) > 0 && rankOf(line) <= rank);
  const body = rest
    .slice(0, end < 0 ? undefined : end)
    .join("\n")
    .trim();
  return body === "" ? undefined : body;
}

function rankOf(line: string): number {
  return /^(#{1,6})\s/u.exec(line)?.[1]?.length ?? 0;
}

/** `## [1.2.3] - 2026-01-31`, `## v1.2.3 (…)`, `# 1.2.3`: the version stands as a word of its own. */
function names(heading: string, version: string): boolean {
  return heading
    .split(/[\s[\]()]+/u)
    .some((word) => word.replace(/^v/u, "").replace(/[:,]$/u, "") === version);
}

function commitList(commits: NotesFacts["commits"], previousTag: string | undefined): string {
  const shown = commits.filter(
    ({ subject }) => !/^(docs|test|tests|ci|chore|style|build)(\([^)]*\))?!?:/u.test(subject),
  );
  if (shown.length === 0) return "";
  const heading = previousTag === undefined ? "## Changes" : `## Changes since ${previousTag}`;
  return [
    heading,
    "",
    // A subject is text: what it opens in HTML would swallow everything after it.
    ...shown.map(
      ({ hash, subject }) => `- ${subject.replaceAll("<", "&lt;")} (${hash.slice(0, 12)})`,
    ),
  ].join("\n");
}
