import { expect, it } from "vitest";
import { listed } from "../../src/plan/tags.ts";

it.each([
  [["a", "b"], "a, b"],
  [["1", "2", "3", "4", "5", "6", "7"], "1, 2, 3, 4, 5 and 2 more"],
  [["a\n::b", "ü x"], '"a\\n::b", ü x'],
])("%j is listed as %s", (names, text) => {
  expect(listed(names)).toBe(text);
});
