import { expect, it } from "vitest";
import { epochOf } from "../../../src/facts/survey.ts";

it.each([
  [undefined, undefined],
  ["", undefined],
  ["yesterday", undefined],
  ["-1", undefined],
  ["99999999999999", undefined],
  ["0", 0],
  ["1700000000", 1_700_000_000],
])("SOURCE_DATE_EPOCH=%s is %s", (written, epoch) => {
  expect(epochOf(written)).toBe(epoch);
});
