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

describe("authors in the notes", () => {
  const someone = { name: "Some @one", email: "one@example.com" };
  const known = { name: "Octo", email: "octo@example.com", handle: "octocat" };
  const own = [
    { hash: "1".repeat(40), subject: "feat: b", author: someone },
    { hash: "2".repeat(40), subject: "fix: c", author: known },
  ];
  const facts = { commits: own, moreCommits: 0, incomplete: false };
  const style = commitStyle(
    configOf({ notesAuthors: "handles", notesNewcomers: true, notesHash: "7" }).settings,
  );

  it("are mentioned by their handles, and by their names are not", () => {
    const newcomers = [{ author: known, hash: "2".repeat(40) }];
    expect(commitNotes({ ...facts, newcomers }, "v1.2.2", style)).toEqual({
      text: `## Changes since v1.2.2

- feat: b (1111111) by Some @&#8203;one
- fix: c (2222222) by @octocat

### New contributors

- @octocat made their first contribution in 2222222`,
      notices: [],
    });
  });

  it("are not there unless they are asked for; first ones need the history", () => {
    const plain = commitStyle(configOf({ notesHash: "none" }).settings);
    expect(commitNotes(facts, "v1.2.2", plain).text).not.toContain(" by ");
    const [notice] = commitNotes(facts, "v1.2.2", style).notices;
    expect(notice).toMatch(/^the notes list no first contributions: the clone is shallow/u);
    expect(commitNotes(facts, undefined, style).notices).toEqual([]);
  });
});

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
