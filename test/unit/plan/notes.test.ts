import { describe, expect, it } from "vitest";
import type { NotesFacts } from "../../../src/facts/facts.ts";
import { releaseNotes } from "../../../src/plan/notes.ts";

const commits = [
  { hash: "1".repeat(40), subject: "feat: a thing" },
  { hash: "2".repeat(40), subject: "docs: words" },
  { hash: "3".repeat(40), subject: "fix(cli): another" },
  { hash: "4".repeat(40), subject: "ci(deps): more" },
];

const LIST = "- feat: a thing (111111111111)\n- fix(cli): another (333333333333)";
const SINCE = `## Changes since v1.2.2\n\n${LIST}`;

function notes(
  asked: string,
  facts: Partial<NotesFacts> = {},
  more: { tag?: string | undefined; previousTag?: string | undefined; folder?: string } = {},
) {
  const { folder = ".", ...tags } = more;
  return releaseNotes({
    asked,
    facts: { changelogs: [], commits, moreCommits: 0, incomplete: false, ...facts },
    tagging: { tag: "v1.2.3", version: "1.2.3", previousTag: "v1.2.2", ...tags },
    name: "tool",
    module: { path: "example.com/acme/tool", folder },
  });
}

function changelog(text: string, shared = false) {
  const name = shared ? "the repository's CHANGELOG.md" : "CHANGELOG.md";
  return { name, text, shared };
}

describe("notes of a changelog", () => {
  it("are its section", () => {
    const changelogs = [changelog("## 1.2.3\n\n- A thing\n")];
    expect(notes("auto", { changelogs })).toEqual({ text: "- A thing", notices: [] });
  });

  it.each([
    [
      "## 1.2.2\n\n- Old\n",
      "CHANGELOG.md has no section for 1.2.3; the notes list the commits since v1.2.2",
    ],
    [
      "## Unreleased\n\n- Soon\n",
      "CHANGELOG.md has no section for 1.2.3, and its unreleased entries are not published; the notes list the commits since v1.2.2",
    ],
    [
      "## 1.2.3\n\n## 1.2.2\n",
      "the section for 1.2.3 in CHANGELOG.md is empty; the notes list the commits since v1.2.2",
    ],
  ])("are the commits where there is no section: %j", (text, notice) => {
    expect(notes("auto", { changelogs: [changelog(text)] })).toEqual({
      text: SINCE,
      notices: [notice],
    });
  });

  it("tell of a section that is there twice", () => {
    const changelogs = [changelog("## 1.2.3\n\n- a\n\n## 1.2.3\n\n- b\n")];
    expect(notes("auto", { changelogs })).toEqual({
      text: "- a\n\n- b",
      notices: ["CHANGELOG.md has 2 sections for 1.2.3: the notes contain all of them"],
    });
  });

  it("of a module in a folder may stand in the repository's", () => {
    const changelogs = [
      changelog("## 1.2.2\n\n- Old\n"),
      changelog("## 1.2.3\n\n- Of the root\n\n## cmd/tool/v1.2.3\n\n- Of the tool\n", true),
    ];
    const module = { folder: "cmd/tool" };
    expect(notes("auto", { changelogs }, module)).toEqual({ text: "- Of the tool", notices: [] });
    expect(notes("auto", { changelogs: [changelog("## 1.2.3\n\n- x\n", true)] }, module)).toEqual({
      text: SINCE,
      notices: [],
    });
  });
});

describe("notes of commits", () => {
  it("list what users notice", () => {
    expect(notes("auto").text).toBe(SINCE);
    expect(notes("auto", {}, { previousTag: undefined }).text).toBe(`## Changes\n\n${LIST}`);
  });

  it("begin with what breaks, of every type, and say what a footer says", () => {
    const breaking = [
      ...commits,
      { hash: "5".repeat(40), subject: "chore!: drop Go 1.20" },
      { hash: "6".repeat(40), subject: "build(deps)!: need glibc" },
      { hash: "7".repeat(40), subject: "ci: new image", breaking: "the image <x> is gone" },
      { hash: "8".repeat(40), subject: "not! conventional: words" },
    ];
    expect(notes("auto", { commits: breaking }).text).toBe(
      [
        "## Changes since v1.2.2",
        "",
        "### Breaking changes",
        "",
        "- chore!: drop Go 1.20 (555555555555)",
        "- build(deps)!: need glibc (666666666666)",
        "- ci: new image (777777777777)",
        "  **BREAKING CHANGE**: the image &lt;x> is gone",
        "",
        "### Other changes",
        "",
        LIST,
        "- not! conventional: words (888888888888)",
      ].join("\n"),
    );
    expect(notes("auto", { commits: breaking.slice(4, 5) }).text).not.toContain("Other");
  });

  it("say what they lack", () => {
    expect(notes("auto", { moreCommits: 200 })).toEqual({
      text: `${SINCE}\n\n… and 200 earlier commits`,
      notices: ["the notes list the newest 4 commits since v1.2.2 and lack 200 more"],
    });
    expect(notes("auto", { incomplete: true }, { previousTag: undefined }).notices).toEqual([
      expect.stringMatching(/^the notes may lack commits: the clone is shallow; .*fetch-depth: 0/u),
    ]);
  });

  it.each([
    [[], "the notes are empty: there is no commit since v1.2.2"],
    [
      commits.slice(1, 2),
      "the notes are empty: all commits since v1.2.2 are of type docs, test, ci, chore, style or build",
    ],
  ])("say that they are empty", (none, notice) => {
    expect(notes("auto", { commits: none })).toEqual({ text: "", notices: [notice] });
  });

  it("shorten a subject without end, and halve no character", () => {
    const endless = [
      { hash: "9".repeat(40), subject: `${"`a``".repeat(124)}abc😀${"`".repeat(100_000)}` },
    ];
    expect(notes("auto", { commits: endless }).text).toMatch(/`a``abc… \(999999999999\)$/u);
  });

  it("of a snapshot lack nothing, for it is not published", () => {
    const facts = { incomplete: true, moreCommits: 3, changelogs: [changelog("## 1.0.0\n")] };
    expect(notes("auto", facts, { tag: undefined }).notices).toEqual([]);
  });
});

describe("notes of a tag", () => {
  it("are its message", () => {
    expect(notes("tag", { tagMessage: "- one\n- two" })).toEqual({
      text: "- one\n- two",
      notices: [],
    });
  });

  it.each([
    [
      { tagMessage: "" },
      /^notes: the message of v1\.2\.3 is empty; the notes are generated as with `notes: auto`$/u,
    ],
    [{ lightweight: true }, /^notes: v1\.2\.3 is a lightweight tag/u],
    [
      {},
      /in this clone: .*\(`git fetch --force origin refs\/tags\/v1\.2\.3:refs\/tags\/v1\.2\.3`/u,
    ],
  ])("are made in another way where there is none: %j", (facts, notice) => {
    expect(notes("tag", facts)).toEqual({ text: SINCE, notices: [expect.stringMatching(notice)] });
  });
});

describe("other notes", () => {
  it("are a file's, or left to the forge", () => {
    expect(notes("NOTES.md", { file: "\uFEFFwords\r\n" })).toEqual({
      text: "words\n",
      notices: [],
    });
    expect(notes("NOTES.md", { file: " \n" }).notices).toEqual(["notes: NOTES.md is empty"]);
    expect(notes("generated")).toEqual({ text: null, notices: [] });
  });
});
