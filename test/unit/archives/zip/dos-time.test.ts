import { expect, it } from "vitest";
import { dosTime } from "../../../../src/archives/zip/dos-time.ts";

function written({ date, time }: { date: number; time: number }) {
  return [
    [(date >> 9) + 1980, (date >> 5) & 15, date & 31].join("-"),
    [time >> 11, (time >> 5) & 63, (time & 31) * 2].join(":"),
  ].join(" ");
}

it.each([
  ["2024-02-29T12:34:56Z", "2024-2-29 12:34:56"],
  ["2024-02-29T12:34:57.999Z", "2024-2-29 12:34:56"],
  ["1980-01-01T00:00:00Z", "1980-1-1 0:0:0"],
  ["1979-12-31T23:59:59Z", "1980-1-1 0:0:0"],
  ["1970-01-01T00:00:00Z", "1980-1-1 0:0:0"],
  ["2107-12-31T23:59:59Z", "2107-12-31 23:59:58"],
  ["2108-01-01T00:00:00Z", "2107-12-31 23:59:58"],
])("the DOS time of %s is %s", (date, expected) => {
  expect(written(dosTime(new Date(date)))).toBe(expected);
});

it("a DOS time of an invalid date is refused", () => {
  expect(() => dosTime(new Date(Number.NaN))).toThrow("invalid date");
});
