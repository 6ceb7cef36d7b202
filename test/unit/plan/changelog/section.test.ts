import { describe, expect, it } from "vitest";
import { type ChangelogEntry, changelogSection } from "../../../../src/plan/changelog/section.ts";

function section(changelog: string, version: string, more: Partial<ChangelogEntry> = {}): string {
  const found = changelogSection(changelog, { version, names: ["hello"], named: false, ...more });
  return found.kind === "found" ? found.text : found.kind;
}

const KEPT = `# Changelog

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

describe("the section of a kept changelog", () => {
  it.each([
    ["1.2.3", "### Added\n\n- A thing"],
    ["1.2.2", "- An older thing"],
    ["1.2.1", "empty"],
    ["1.2.0", "- Same line"],
    ["2.3.0", "missing"],
    ["11.2.3", "missing"],
  ])("for %s", (version, text) => {
    expect(section(KEPT, version)).toBe(text);
    expect(section(`\uFEFF${KEPT.replace(/\n/gu, "\r\n")}`, version)).toBe(text);
  });

  it("is told apart from entries that are not released", () => {
    const entry = { version: "2.0.0", names: [], named: false };
    expect(changelogSection(KEPT, entry)).toEqual({ kind: "missing", unreleased: true });
    const none = KEPT.replace("- Soon", "");
    expect(changelogSection(none, entry)).toEqual({ kind: "missing", unreleased: false });
  });
});

describe("headings of other forms", () => {
  it.each([
    [
      "underlined ones",
      "Log\n===\n\n1.1.0 (2026-01-05)\n------\n\n- new\n\n1.0.0\n-----\n\n- old\n",
    ],
    ["lines in bold type", "**1.1.0** (2026-01-05)\n- new\n\n__1.0.0__\n\n- old\n"],
    ["HTML", '<h2 id="a">1.1.0</h2>\n\n- new\n\n<h2>1.0.0</h2>\n\n- old\n'],
    [
      "anchors above them",
      '<a name="1.1.0"></a>\n## 1.1.0\n\n- new\n\n<a name="1.0.0"></a>\n## 1.0.0\n',
    ],
    ["rules between them", "## 1.1.0\n\n- new\n\n---\n\n## 1.0.0\n\n- old\n"],
    ["comments between them", "## 1.1.0\n- new\n\n<!-- end of 1.1.0 -->\n\n## 1.0.0\n- old\n"],
    ["nothing between them", "## 1.2.0\n## 1.1.0\n- new\n## 1.0.0\n- old\n"],
    [
      "front matter above them",
      "---\ntitle: x\nversion: 1.1.0\n---\n\n# 1.1.0\n\n- new\n\n# 1.0.0\n",
    ],
  ])("%s", (_of, changelog) => {
    expect(section(changelog, "1.1.0")).toBe("- new");
  });

  it.each([
    ["in a fence", "## 1.1.0\n\n```sh\n# 1.0.0\n## 0.9.0\n```\n\n- new"],
    ["in a fence with another in it", "## 1.1.0\n\n````md\n```\n## 1.0.0\n```\n````\n\n- new"],
    ["in a comment", "## 1.1.0\n\n<!--\n\n## 1.0.0\n\n-->\n\n- new"],
    ["in an indented block", "## 1.1.0\n\ntext:\n\n    # 1.0.0\n\n- new"],
    ["in a list", "## 1.1.0\n\n- # 1.0.0\n- new"],
    ["in a quote", "## 1.1.0\n\n> ## 1.0.0\n\n- new"],
    ["that only mention another version", "## 1.1.0\n\n### Migrating from 1.0.0\n\n- new"],
    ["in bold type that are words", "## 1.1.0\n\n**1.0.0 users**\n\n- new\n\n**Full list**"],
  ])("are none %s", (_where, text) => {
    const whole = section(`# Log\n\n${text}\n\n## 1.0.0\n\n- old\n`, "1.1.0");
    expect(whole).toBe(text.replace("## 1.1.0\n\n", ""));
  });
});

describe("a heading that only mentions the version", () => {
  it.each([
    [
      "below what is not released",
      "## Unreleased\n\n### Migrating from 1.1.0\n\n- no\n\n## 1.1.0\n\n- yes\n",
    ],
    ["of a later version", "## 2.0.0\n\n### Changes in 1.1.0\n\n- no\n\n## 1.1.0\n\n- yes\n"],
    ["as a step to it", "## 2.0.0\n\n### 1.1.0 → 2.0.0\n\n- no\n\n## 1.1.0\n\n- yes\n"],
  ])("is not taken: %s", (_where, changelog) => {
    expect(section(changelog, "1.1.0")).toBe("- yes");
  });

  it("is not taken even when there is no other", () => {
    expect(section("## 2.0.0\n\n### Changes in 1.1.0\n\n- no\n", "1.1.0")).toBe("missing");
    expect(section("# Log\n\n## What's new in 1.1.0\n\n- yes\n", "1.1.0")).toBe("- yes");
  });
});

const STANDARD_VERSION = `# Changelog

All notable changes.

### [1.1.1](https://example.com/compare/v1.1.0...v1.1.1) (2026-01-04)


### Bug Fixes

* a second fix ([abc](https://example.com/abc))

### Others

* more

## [1.1.0](https://example.com/compare/v1.0.1...v1.1.0) (2026-01-03)


### Features

* a thing

### [1.0.1](https://example.com/compare/v1.0.0...v1.0.1) (2026-01-02)


### Bug Fixes

* a fix

## 1.0.0 (2026-01-01)
`;

describe("what tools write", () => {
  it.each([
    [
      "1.1.1",
      "### Bug Fixes\n\n* a second fix ([abc](https://example.com/abc))\n\n### Others\n\n* more",
    ],
    ["1.1.0", "### Features\n\n* a thing"],
    ["1.0.1", "### Bug Fixes\n\n* a fix"],
    ["1.0.0", "empty"],
  ])("standard-version, for %s", (version, text) => {
    expect(section(STANDARD_VERSION, version)).toBe(text);
    expect(
      section(STANDARD_VERSION.replaceAll("\n#", "\n\n<a name='x'></a>\n#"), version),
    ).toContain(text.split("\n").at(-1));
  });

  it.each([
    ["2.0.0", "### BREAKING CHANGES\n\n* all"],
    ["1.0.1", "### Bug Fixes\n\n* a fix"],
    ["1.0.0", "### Features\n\n* first"],
  ])("semantic-release, for %s", (version, text) => {
    const changelog =
      "# [2.0.0](https://e.com/x) (2026-01-03)\n\n\n### BREAKING CHANGES\n\n* all\n\n## [1.0.1](https://e.com/y) (2026-01-02)\n\n\n### Bug Fixes\n\n* a fix\n\n# 1.0.0 (2026-01-01)\n\n\n### Features\n\n* first\n";
    expect(section(changelog, version)).toBe(text);
  });

  it.each([
    [
      "git-cliff",
      "# Changelog\n\n## [1.1.0] - 2026-01-02\n\n### 🚀 Features\n\n- _(cli)_ x\n\n<!-- generated by git-cliff -->\n",
      "### 🚀 Features\n\n- _(cli)_ x",
    ],
    [
      "changesets",
      "# hello\n\n## 1.1.0\n\n### Minor Changes\n\n- abc: x\n\n## 1.0.0\n",
      "### Minor Changes\n\n- abc: x",
    ],
    [
      "release-please",
      "# Changelog\n\n## [1.1.0](https://e.com/compare/cli/v1.0.0...cli/v1.1.0) (2026-01-02)\n\n\n### Features\n\n* x\n",
      "### Features\n\n* x",
    ],
    [
      "GitHub, pasted",
      "# Log\n\n## v1.1.0\n## What's Changed\n* x\n## New Contributors\n* y\n## v1.0.0\n* old\n",
      "## What's Changed\n* x\n## New Contributors\n* y",
    ],
  ])("%s", (_tool, changelog, text) => {
    expect(section(changelog, "1.1.0")).toBe(text);
  });

  it("modules that are released together", () => {
    const changelog = "## [1.2.0/0.5.0] 2026-01-02\n\n- both\n\n## [0.5.0]\n\n- alone\n";
    expect(section(changelog, "1.2.0")).toBe("- both");
    expect(section(changelog, "0.5.0")).toBe("- alone");
    expect(section("## 1.0.1, 1.0.2\n\n- both\n", "1.0.2")).toBe("- both");
  });

  it("prereleases below their release", () => {
    const changelog = "## 2.0.0\n\n- all\n\n### 2.0.0-rc.1\n\n- part\n\n## 1.0.0\n\n- old\n";
    expect(section(changelog, "2.0.0")).toBe("- all\n\n### 2.0.0-rc.1\n\n- part");
    expect(section(changelog, "2.0.0-rc.1")).toBe("- part");
  });
});

describe("headings of the versions' own rank", () => {
  const changelog =
    "# Log\n\n## 1.1.0\n\nIntro.\n\n## Highlights\n\n- a\n\n## Upgrading\n\n- b\n\n## 1.0.0\n\nFirst.\n\n## Features\n\n- c\n\n## License\n\nMIT\n";

  it("belong to the version above them where another one follows", () => {
    expect(section(changelog, "1.1.0")).toBe(
      "Intro.\n\n## Highlights\n\n- a\n\n## Upgrading\n\n- b",
    );
  });

  it("end the last one, unless they are called like its parts", () => {
    expect(section(changelog, "1.0.0")).toBe("First.\n\n## Features\n\n- c");
  });
});

describe("a version's section", () => {
  it("that is there twice is taken once when it is the same, and wholly when it is not", () => {
    expect(section("## 1.1.0\n\n## 1.1.0\n\n- x\n", "1.1.0")).toBe("- x");
    expect(section("## 1.1.0\n\n- x\n\n## 1.1.0\n\n- x\n", "1.1.0")).toBe("- x");
    const entry = { version: "1.1.0", names: [], named: false };
    expect(changelogSection("## 1.1.0\n\n- x\n\n## 1.1.0\n\n- y\n", entry)).toEqual({
      kind: "found",
      text: "- x\n\n- y",
      sections: 2,
    });
  });

  it("may be called by the first two numbers when the third is nought", () => {
    expect(section("## 1.1\n\n- x\n", "1.1.0")).toBe("- x");
    expect(section("## 1.1\n\n- x\n", "1.1.1")).toBe("missing");
    expect(section("# 1.1\n\n## 1.1.1\n\n- y\n\n## 1.1.0\n\n- x\n", "1.1.0")).toBe("- x");
  });

  it("is empty when it holds headings alone", () => {
    expect(
      section("## 1.1.0\n\n### Added\n\n### Fixed\n\n<!-- none -->\n\n## 1.0.0\n", "1.1.0"),
    ).toBe("empty");
  });

  it("ends before what holds the next ones, and closes what it opens", () => {
    const older = "<details>\n<summary>Older</summary>\n\n## 1.0.0\n\n- old\n\n</details>\n";
    expect(section(`## 1.1.0\n\n- new\n\n${older}`, "1.1.0")).toBe("- new");
    expect(section(`## 1.1.0\n\n- new\n\n${older}`, "1.0.0")).toBe("- old");
    const own = "<details>\n<summary>All</summary>\n\n- a\n\n</details>";
    expect(section(`## 1.1.0\n\n${own}\n\n## 1.0.0\n`, "1.1.0")).toBe(own);
    expect(section("## 1.1.0\n\n```\nx\n", "1.1.0")).toBe("```\nx\n```");
  });
});

describe("definitions", () => {
  const changelog = [
    "## [1.1.0]",
    "",
    "- See [the guide][Guide], [#12] and a note[^1]; `[x]`, ![badge]",
    "",
    "## [1.0.0]",
    "",
    "- Old [#1]",
    "",
    "[1.1.0]: https://example.com/1.1.0",
    "[1.0.0]: https://example.com/1.0.0",
    "[guide]: <https://example.com/guide>",
    "  'The guide'",
    "[#12]: https://example.com/12",
    "[#1]: https://example.com/1",
    "[BADGE]: https://example.com/badge.svg",
    "",
    "[^1]: A note with [a link][deep].",
    "",
    "    More of it.",
    "",
    "[deep]: https://example.com/deep",
  ].join("\n");

  it("that a section uses come with it, and no others", () => {
    expect(section(changelog, "1.1.0")).toBe(
      [
        "- See [the guide][Guide], [#12] and a note[^1]; `[x]`, ![badge]",
        "",
        "[guide]: <https://example.com/guide>",
        "  'The guide'",
        "[#12]: https://example.com/12",
        "[BADGE]: https://example.com/badge.svg",
        "[^1]: A note with [a link][deep].",
        "",
        "    More of it.",
        "[deep]: https://example.com/deep",
      ].join("\n"),
    );
    expect(section(changelog, "1.0.0")).toBe("- Old [#1]\n\n[#1]: https://example.com/1");
  });

  it("that it holds itself stay where they are", () => {
    const own = "- See [it].\n\n[it]: https://example.com/own\n\nMore.";
    expect(
      section(`## 1.1.0\n\n${own}\n\n## 1.0.0\n\n[it]: https://example.com/other\n`, "1.1.0"),
    ).toBe(own);
  });
});

describe("a changelog of several modules", () => {
  const shared =
    "## cli/v1.1.0\n\n- of the tool\n\n## v1.1.0\n\n- of the library\n\n## cli v1.0.0\n\n- old\n";
  const cli = { names: ["cli"], named: true };

  it("has the sections of each under its name", () => {
    expect(section(shared, "1.1.0", cli)).toBe("- of the tool");
    expect(section(shared, "1.0.0", cli)).toBe("- old");
    expect(section(shared, "1.1.0")).toBe("- of the library");
  });

  it("has none for a module that it does not name", () => {
    expect(section("## 1.1.0\n\n- of the library\n", "1.1.0", cli)).toBe("missing");
  });
});
