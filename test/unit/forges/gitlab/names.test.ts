import { describe, expect, it } from "vitest";
import { assetPath, checkNames, packageName } from "../../../../src/forges/gitlab/names.ts";
import { addressedVersion, packageVersion } from "../../../../src/forges/gitlab/version.ts";

describe("a package version", () => {
  it.each([
    ["v1.2.3", "v1.2.3"],
    ["cli/v1.2.3", "cli_2Fv1.2.3"],
    ["v1.0.0+b7", "v1.0.0_2Bb7"],
    ["v1.0.0-rc_1", "v1.0.0-rc_5F1"],
    ["é1", "_C3_A91"],
  ])("stands for the tag %s", (tag, version) => {
    expect(packageVersion(tag)).toBe(version);
    expect(version).toMatch(/^[\w+.-]+$/);
    expect(addressedVersion(version, "ab".repeat(32))).toBe(`${version}_sha256.${"ab".repeat(8)}`);
  });

  it("is another one for every other tag", () => {
    const tags = ["v1+2", "v1_2B2", "v1_2", "v1_5F2", "v1 2", "v1/2"];
    expect(new Set(tags.map(packageVersion)).size).toBe(tags.length);
  });

  it("cannot stand for a tag of any length", () => {
    expect(() => packageVersion("v".repeat(240))).toThrow("too long for a package version");
  });
});

describe("names", () => {
  it("become download paths", () => {
    expect(assetPath("age_1.0.0+b1_linux_amd64.tar.gz")).toBe("/age_1.0.0-b1_linux_amd64.tar.gz");
    expect(packageName("My tool")).toBe("My-tool");
  });

  it("are refused all at once", () => {
    const names = [
      "fine.tar.gz",
      "a b",
      "x~1.zip",
      "ends_",
      "ab",
      "x".repeat(128),
      "a-b.zip",
      "a+b.zip",
    ];
    expect(() => checkNames(names)).toThrow(
      [
        "GitLab does not accept these names:",
        "  - a b: a package file name may contain only A-Z a-z 0-9 . _ + -",
        "  - x~1.zip: a package file name may contain only A-Z a-z 0-9 . _ + -",
        "  - ends_: a download path has at least three characters and ends in a letter or digit",
        "  - ab: a download path has at least three characters and ends in a letter or digit",
        `  - ${"x".repeat(128)}: a download path has at most 128 characters, this one 129`,
        "  - a+b.zip: another file has the download path /a-b.zip too",
      ].join("\n"),
    );
  });
});
