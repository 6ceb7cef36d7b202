import { describe, expect, it } from "vitest";
import { changelogSection, releaseNotes } from "../../../src/plan/notes.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

- Soon

## [1.2.3] - 2026-01-31

### Added

- A thing

## v1.2.2 (2026-01-01)

- An older thing

## 1.2.1

## 1.2.0
- Same line
`;

describe("the section of a changelog", () => {
  it.each([
    ["1.2.3", "### Added\n\n- A thing"],
    ["1.2.2", "- An older thing"],
    ["1.2.1", undefined],
    ["1.2.0", "- Same line"],
    ["1.2", undefined],
    ["2.3", undefined],
  ])("of %s", (version, text) => {
    expect(changelogSection(CHANGELOG, version)).toBe(text);
    expect(changelogSection(CHANGELOG.replace(/\n/gu, "\r\n"), version)).toBe(text);
  });
});

describe("notes", () => {
  const commits = [
    { hash: "1".repeat(40), subject: "feat: a thing" },
    { hash: "2".repeat(40), subject: "docs: words" },
    { hash: "3".repeat(40), subject: "fix(cli): another" },
    { hash: "4".repeat(40), subject: "ci(deps)!: more" },
  ];
  const notes = (asked: string, facts = {}, previousTag?: string): string | null =>
    releaseNotes({ asked, facts: { commits, ...facts }, version: "1.2.3", previousTag });

  it("are the changelog's, else the commits that users feel", () => {
    expect(notes("auto", { changelog: CHANGELOG })).toBe("### Added\n\n- A thing");
    expect(notes("auto", {}, "v1.2.2")).toBe(
      "## Changes since v1.2.2\n\n- feat: a thing (111111111111)\n- fix(cli): another (333333333333)",
    );
    expect(notes("auto", { commits: [] })).toBe("");
  });

  it("are a file's, the tag's, or left to the forge", () => {
    expect(notes("NOTES.md", { file: "words" })).toBe("words");
    expect(notes("tag", { tagMessage: "message" })).toBe("message");
    expect(notes("generated")).toBeNull();
  });
});
