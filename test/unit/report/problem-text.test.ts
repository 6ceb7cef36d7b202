import { expect, it } from "vitest";
import { Problem } from "../../../src/model/problem.ts";
import { problemText } from "../../../src/report/problem-text.ts";

it("the text of a problem shows control characters instead of obeying them", () => {
  const problem = new Problem("build", "main.go:1:1: \u001b[2J\u009b1mred\tand\r\nmore", {
    cause: new Error("\u0007"),
    hint: "mend it",
  });
  expect(problemText(problem)).toBe(
    "main.go:1:1: \\x1b[2J\\x9b1mred\tand\\x0d\nmore\n  because \\x07\n  → mend it",
  );
});
