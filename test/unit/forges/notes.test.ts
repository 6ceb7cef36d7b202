import { describe, expect, it } from "vitest";
import { releaseText } from "../../../src/forges/notes.ts";

const more = "[All changes](https://example.com/compare)";
const mark = "<!-- ours -->";

describe("the text of a release", () => {
  it.each([
    ["notes", { notes: "words\n" }, "words\n"],
    ["nothing", { notes: " \n" }, ""],
    ["a mark alone", { notes: "", mark }, "<!-- ours -->\n"],
    [
      "all",
      { notes: "words\n", postscript: "### Verify", mark },
      "words\n\n### Verify\n\n<!-- ours -->\n",
    ],
    ["a fence left open", { notes: "```\nx", mark }, "```\nx\n```\n\n<!-- ours -->\n"],
    [
      "a comment left open",
      { notes: "a\n\n<!-- x", postscript: "### Verify" },
      "a\n\n### Verify\n",
    ],
  ])("is %s", (_what, parts, text) => {
    expect(releaseText({ limit: 10_000, more, ...parts })).toEqual({ text, cut: false });
  });

  it("is cut to its limit at the same place whatever follows, and closes what it opened", () => {
    const notes = `<details>\n\n${"- a change 😀\n".repeat(2000)}\n</details>\n`;
    const alone = releaseText({ notes, limit: 10_000, more });
    const whole = releaseText({ notes, limit: 10_000, more, postscript: "### Verify", mark });
    expect(whole.cut).toBe(true);
    expect(whole.text.length).toBeLessThanOrEqual(10_000);
    expect(whole.text).toBe(`${alone.text.trimEnd()}\n\n### Verify\n\n${mark}\n`);
    expect(alone.text).toMatch(/- a change 😀\n\n<\/details>\n\n… \[All changes\]\(.*\)\n$/u);
  });

  it("leaves room for a long postscript", () => {
    const postscript = "x".repeat(6000);
    const { text } = releaseText({
      notes: "a line\n".repeat(2000),
      limit: 10_000,
      more,
      postscript,
    });
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(text.endsWith(`${postscript}\n`)).toBe(true);
  });
});
