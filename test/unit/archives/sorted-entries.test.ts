import { describe, expect, it } from "vitest";
import { sortedEntries } from "../../../src/archives/sorted-entries.ts";
import { entry } from "./samples.ts";

function list(...names: string[]) {
  return sortedEntries(names.map((name) => entry(name, ""))).map((e) => e.name);
}

describe("the entries of an archive", () => {
  it("are sorted by bytes, not by UTF-16 units or a locale", () => {
    const names = ["b", "a", "B", "ä", "a/b", "\u{1f642}", "\uff5e"].filter((name) => name !== "a");
    expect(list(...names)).toEqual(["B", "a/b", "b", "ä", "\uff5e", "\u{1f642}"]);
  });

  it.each([
    ["", '"" (the name is empty)'],
    ["/etc/passwd", '"/etc/passwd" (an absolute path)'],
    ["C:/x", '"C:/x" (an absolute path)'],
    ["a/../b", '"a/../b" (it leaves the archive)'],
    ["..", '".." (it leaves the archive)'],
    ["a\\b", '"a\\\\b" (it contains a backslash)'],
    ["a\nb", '"a\\nb" (it contains a control character)'],
    ["a\0", '"a\\u0000" (it contains a control character)'],
    ["\ud800", '"\\ud800" (it is not valid Unicode)'],
    ["a//b", '"a//b" (an empty or `.` part)'],
    ["./a", '"./a" (an empty or `.` part)'],
    ["a/", '"a/" (an empty or `.` part)'],
  ])("refuse the name %j", (name, fault) => {
    expect(() => list(name)).toThrow(`cannot pack ${fault}`);
  });

  it("refuse what cannot be unpacked together, and name all of it", () => {
    expect(() => list("a", "b", "a", "b/c/d", "../x")).toThrow(
      'cannot pack "../x" (it leaves the archive); "a" (listed more than once); "b" (both a file and a folder)',
    );
  });

  it.each([Number.NaN, -1, 1.5, 2 ** 53])("refuse a size of %d", (size) => {
    expect(() => sortedEntries([{ ...entry("a", ""), size }])).toThrow(`"a" (its size is ${size})`);
  });

  it("take names that only look dangerous", () => {
    expect(list("..a", "a..", ".hidden", "a b", "-rf")).toHaveLength(5);
  });
});
