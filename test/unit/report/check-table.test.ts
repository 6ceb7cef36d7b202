import { expect, it } from "vitest";
import { type CheckLine, FailedChecks } from "../../../src/model/check.ts";
import { checkTable } from "../../../src/report/check-table.ts";
import { fields } from "../../../src/report/problem-text.ts";

const lines: readonly CheckLine[] = [
  { what: "names", result: "ok", detail: "8 names" },
  {
    what: "token",
    result: "will fail",
    detail: "GitHub does not accept it",
    cure: "add to the job:\n    permissions:",
  },
  { what: "immutable releases", result: "cannot tell", detail: "one\ntwo" },
];

it("says of each thing what it is, with its cure below", () => {
  expect(checkTable(lines)).toBe(
    [
      "ok           names               8 names",
      "will fail    token               GitHub does not accept it",
      "             → add to the job:",
      "                   permissions:",
      "cannot tell  immutable releases  one",
      "                                 two",
      "",
      "1 will fail, 1 cannot tell, 1 ok",
    ].join("\n"),
  );
});

it("is an error with all lines where something will fail", () => {
  const problem = new FailedChecks(lines);
  expect(problem.message).toBe(
    "a release would fail: 1 of 3 checks\n  token: GitHub does not accept it",
  );
  expect(problem.hint).toBe(lines[1]?.cure);
  expect(fields(problem)).toMatchObject({ code: "check", checks: lines });
});
