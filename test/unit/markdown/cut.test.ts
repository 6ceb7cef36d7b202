import { describe, expect, it } from "vitest";
import { tokensOf } from "../../../src/markdown/blocks.ts";
import { cut } from "../../../src/markdown/cut.ts";
import { closed, openElements } from "../../../src/markdown/open.ts";
import { seeded } from "../../support/seeded.ts";

describe("a text that another one follows", () => {
  it.each([
    ["nothing open", "a\n\n```\nb\n```\n", "a\n\n```\nb\n```\n"],
    ["a fence", "```sh\nx", "```sh\nx\n```"],
    ["a fence of four", "````md\n```\n", "````md\n```\n````"],
    ["a fence of tildes, only begun", "a\n~~~", "a\n~~~\n~~~"],
    ["a fence that a list ends", "- a\n  ```\n  x\n", "- a\n  ```\n  x\n"],
    ["a comment", "a\n\n<!-- b\n\nc\n", "a\n\n"],
    ["a comment in a list", "- a\n  <!-- b\n- c\n", "- a\n- c\n"],
    ["a comment after another", "<!-- a --> b\n\n<!-- c\n", "<!-- a --> b\n\n"],
    [
      "elements",
      "<details>\n<summary>a</summary>\n\n- b\n",
      "<details>\n<summary>a</summary>\n\n- b\n\n</details>",
    ],
    ["elements in one another", "<div><b>\n\nx\n", "<div><b>\n\nx\n\n</b>\n</div>"],
    ["an element in a line", "a <sub>b\n", "a <sub>b\n\n</sub>"],
    ["elements without an end", "a<br>b <img src=x> <p>c\n", "a<br>b <img src=x> <p>c\n"],
    ["a tag in a comment or in code", "<!-- <b> -->\n\n`<i>`\n", "<!-- <b> -->\n\n`<i>`\n"],
    ["a fence in an element", "<details>\n\n```\nx\n", "<details>\n\n```\nx\n```\n</details>"],
  ])("closes %s", (_of, text, expected) => {
    expect(closed(text)).toBe(expected);
  });

  it("has line ends of one kind and no byte order mark", () => {
    expect(closed("\uFEFFa\r\nb\rc\0")).toBe("a\nb\nc\uFFFD");
  });
});

describe("a cut", () => {
  it.each([
    ["what fits", "a\nb\n", 4, "a\nb\n"],
    ["whole lines", "line one\nline two\nline three", 20, "line one\nline two"],
    ["whole lines to their very end", "line one\nline two", 8, "line one"],
    ["words of a long line", "one two three four", 12, "one two"],
    ["characters of a long word", "a".repeat(20), 10, "a".repeat(10)],
    ["a surrogate pair or none of it", `${"a".repeat(9)}😀b`, 10, "a".repeat(9)],
    ["an emoji of several or none of it", `${"a".repeat(9)}👨‍👩‍👧b`, 14, "a".repeat(9)],
    ["an accent with its letter", `${"a".repeat(9)}e\u0301b`, 10, "a".repeat(9)],
    ["a fence, closed", `\`\`\`\n${"x = 1\n".repeat(9)}\`\`\`\n`, 24, "```\nx = 1\nx = 1\n```"],
    ["nothing of a comment", `a line\n\n<!--\n${"b\n".repeat(20)}-->\n`, 30, "a line\n"],
    [
      "no half of a tag",
      `some words\n\n<details\n  open\n  title="${"x".repeat(50)}">\n`,
      40,
      "some words",
    ],
    ["nothing", "```\n\n", 3, ""],
  ])("keeps %s", (_what, text, room, expected) => {
    expect(cut(text, room)).toBe(expected);
  });

  it("closes the elements that it leaves open, within its room", () => {
    const text = `<details>\n<summary>All</summary>\n\n${"- a change\n".repeat(50)}\n</details>\n`;
    const kept = cut(text, 200);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept).toMatch(/- a change\n\n<\/details>$/u);
  });

  it("of anything fits, stays a text and leaves nothing open", () => {
    const random = seeded(7);
    const pieces = [
      "```\n",
      "~~~~ x\n",
      "<details>\n",
      "</details>\n",
      "<!-- ",
      "-->",
      "- ",
      "> ",
      "\n\n",
      "é😀👍🏽 ",
      "word ",
      "<b>",
      "<a\n href='",
      "\r\n",
      "    ",
      "# h\n",
      "[a]: b\n",
      "`",
      "'>",
    ];
    for (let round = 0; round < 1500; round++) {
      const length = 2 + Math.floor(random() * 25);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join(
        "",
      );
      const room = Math.floor(random() * 60);
      const kept = cut(text, room);
      expect(kept.length, JSON.stringify({ text, room })).toBeLessThanOrEqual(room);
      expect(kept).toBe(Buffer.from(kept).toString());
      const next = tokensOf(`${kept}\n\nAFTER\n`).at(-2);
      expect(next?.content, JSON.stringify({ text, room, kept })).toBe("AFTER");
      expect(next?.level).toBe(1);
      expect(openElements(kept)).toEqual([]);
    }
  });
});
