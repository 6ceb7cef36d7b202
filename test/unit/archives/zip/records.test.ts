import { expect, it } from "vitest";
import { endOfDirectory } from "../../../../src/archives/zip/records.ts";

it("a zip of more than 65534 members ends in zip64 records", () => {
  expect(endOfDirectory(65_534, 10, 10)).toHaveLength(22);
  expect(endOfDirectory(65_535, 10, 10)).toHaveLength(56 + 20 + 22);
});
