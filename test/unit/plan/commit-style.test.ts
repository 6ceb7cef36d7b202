import { describe, expect, it } from "vitest";
import { commitNotes } from "../../../src/plan/commit-notes.ts";
import { commitStyle } from "../../../src/plan/commit-style.ts";
import { configOf } from "../../support/facts.ts";

const commits = [
  { hash: "1".repeat(40), subject: "feat: b" },
  { hash: "2".repeat(40), subject: "docs: words" },
  { hash: "3".repeat(40), subject: "fix(cli)!: c", breaking: "no flag" },
  { hash: "4".repeat(40), subject: "feat: a" },
];

function notes(flags: Parameters<typeof configOf>[0]) {
  const facts = { commits, moreCommits: 0, incomplete: false };
  return commitNotes(facts, "v1.2.2", commitStyle(configOf(flags).settings));
}

describe("commits in the notes", () => {
  it("are in groups, in their order; what no group takes is told", () => {
    const notesGroups = [
      { title: "New", pattern: "^feat", order: 2 },
      { title: "Fixed", pattern: "(?i)^FIX", order: 1 },
    ];
    expect(notes({ notesGroups, notesSort: "asc", notesHash: "7" })).toEqual({
      text: `## Changes since v1.2.2

### Fixed

- fix(cli)!: c (3333333)
  **BREAKING CHANGE**: no flag

### New

- feat: a (4444444)
- feat: b (1111111)`,
      notices: ["the notes leave out 1 commits since v1.2.2 that no group takes"],
    });
  });

  it("of the group without a pattern are those that are left", () => {
    const notesGroups = [{ title: "Other" }, { title: "New", pattern: "^feat" }];
    const { text, notices } = notes({ notesGroups, notesHash: "none" });
    expect(text).toContain("### Other\n\n- docs: words\n- fix(cli)!: c\n");
    expect(notices).toEqual([]);
  });

  it("are those that are included and not excluded", () => {
    const text = (flags: Parameters<typeof configOf>[0]) => notes(flags).text;
    expect(text({ notesInclude: "^feat\n^docs", notesExclude: "a$", notesHash: "none" })).toBe(
      "## Changes since v1.2.2\n\n- feat: b\n- docs: words",
    );
    expect(notes({ notesInclude: "^nothing" })).toEqual({
      text: "",
      notices: [
        "the notes are empty: `notes-include`, `notes-exclude` and `notes-groups` leave none of the 4 commits since v1.2.2",
      ],
    });
    expect(text({ notesHash: "full" })).toContain(`(${"1".repeat(40)})`);
  });

  it("that no pattern can match are told at once", () => {
    expect(() => configOf({ notesExclude: "(" })).toThrow("must be a regular expression");
    expect(() => configOf({ notesGroups: [{ title: "x", pattern: "[" }] })).toThrow(
      "must be a regular expression",
    );
  });
});
