import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { literal } from "../../../src/markdown/literal.ts";

const markdown = new MarkdownIt("commonmark");

/** What a reader sees of one item of a list. */
function shown(text: string): string {
  const html = markdown.render(`- ${text}\n- next\n`);
  const [, item = ""] = /^<ul>\n<li>([\s\S]*?)<\/li>\n<li>next<\/li>\n<\/ul>\n$/u.exec(html) ?? [];
  return item.replaceAll("\u200B", "");
}

describe("a commit's subject in a list", () => {
  it.each([
    ["fix: <details> of a <!-- comment", "fix: &lt;details&gt; of a &lt;!-- comment"],
    ["# not a heading", "# not a heading"],
    ["#12 is fixed", "#12 is fixed"],
    ["> quoted", "&gt; quoted"],
    ["- - dashes", "- - dashes"],
    ["1. first", "1. first"],
    ["12) second", "12) second"],
    ["```", "```"],
    ["~~~ x", "~~~ x"],
    ["---", "---"],
    ["* * *", "* * *"],
    ["[x]: https://example.com", "[x]: https://example.com"],
    [
      "fix: use `<br>` and ``a ` <b>``",
      "fix: use <code>&lt;br&gt;</code> and <code>a ` &lt;b&gt;</code>",
    ],
    ["fix: &lt; is shown", "fix: &amp;lt; is shown"],
    ["fix: a \u001b[31mred\u0007 word", "fix: a [31mred word"],
    ["fix: \\`<b>` is text", "fix: `&lt;b&gt;` is text"],
  ])("is shown as it is: %s", (subject, expected) => {
    expect(shown(literal(subject))).toBe(expected);
  });

  it.each([
    ["fix: pin @types/node, as @octocat says", ["types", "octocat"]],
    ["@all (@team)", ["all", "team"]],
  ])("mentions nobody: %s", (subject, names) => {
    const text = literal(subject);
    for (const name of names) expect(text).toContain(`@&#8203;${name}`);
    expect(markdown.renderInline(text)).not.toMatch(/(?<!\w)@\w/u);
  });

  it.each([
    ["addresses", "fix: mail dev@example.com"],
    ["code", "fix: pin `@types/node`"],
    ["references to issues", "fix: close #12, GH-13, !14 and octo/age#15"],
    ["what is no name", "fix: a @ b"],
  ])("keeps %s", (_what, subject) => {
    expect(literal(subject)).toBe(subject);
  });
});
