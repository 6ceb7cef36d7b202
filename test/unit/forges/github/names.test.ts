import { describe, expect, it } from "vitest";
import { checkNames, keptName } from "../../../../src/forges/github/names.ts";

describe("names that GitHub keeps", () => {
  it.each([
    ["age_1.0.0_linux_amd64.tar.gz", "age_1.0.0_linux_amd64.tar.gz"],
    ["age_1.0.0+build.1.zip", "age_1.0.0+build.1.zip"],
    ["naïve tool.zip", "naive.tool.zip"],
    ["a~b(c).txt", "a.b.c.txt"],
    [".hidden", "default.hidden"],
    ["trailing.", "trailing"],
  ])("%s → %s", (name, kept) => expect(keptName(name)).toBe(kept));

  it("names every one that it would rename", () => {
    expect(() => checkNames(["good.zip", "naïve.zip", "a b.zip"])).toThrow(
      "GitHub would rename: naïve.zip → naive.zip, a b.zip → a.b.zip",
    );
  });

  it("refuses more than a thousand", () => {
    expect(() => checkNames(Array.from({ length: 1001 }, (_, at) => `${at}.zip`))).toThrow(
      "1001 files",
    );
  });
});
