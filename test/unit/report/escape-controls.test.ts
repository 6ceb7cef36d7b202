import { describe, expect, it } from "vitest";
import {
  escapeControls,
  escapeUnseen,
  printableJson,
} from "../../../src/report/escape-controls.ts";

describe("text that others wrote", () => {
  it.each([
    ["plain: äöü 漢字 ✓ a\tb\nc", "plain: äöü 漢字 ✓ a\tb\nc"],
    ["\u001b[31mred\r\u0007", "\\x1b[31mred\\x0d\\x07"],
    ["v1.2.\u202e3", "v1.2.\\u{202e}3"],
    ["a\u200bb\ufeffc\u2060", "a\\u{200b}b\\u{feff}c\\u{2060}"],
    ["a\u2028b\u2029c\u3164d\u2800", "a\\u{2028}b\\u{2029}c\\u{3164}d\\u{2800}"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
    ["half \ud800", "half \\u{d800}"],
    ["::add-mask::x", "\\x3a:add-mask::x"],
    ["a\n \u00a0::error::x\nb::c", "a\n \u00a0\\x3a:error::x\nb::c"],
    ["age_##[add-mask]x", "age_\\x23#[add-mask]x"],
    ["##vso[task.setvariable]x ##teamcity[x]", "\\x23#vso[task.setvariable]x \\x23#teamcity[x]"],
    ["## [title](url)\n### Verify", "## [title](url)\n### Verify"],
  ])("%j is shown as %j", (text, shown) => {
    expect(escapeControls(text)).toBe(shown);
  });

  it("keeps its lines as they are where nothing obeys them", () => {
    expect(escapeUnseen("::x::\n##[y]\u202e")).toBe("::x::\n##[y]\\u{202e}");
  });
});

describe("JSON in a log", () => {
  it("is the same data, in plain characters", () => {
    const data = { name: "##[group]\u202e\u{e0041}", list: ["a\u200b", "ä"] };
    const text = printableJson(data);
    expect(JSON.parse(text)).toEqual(data);
    expect(escapeControls(text)).toBe(text);
    expect(text).toContain('"ä"');
  });
});
