import { describe, expect, it } from "vitest";
import { latestTag } from "../../../src/forges/latest.ts";

describe("the latest release", () => {
  it.each<[string, readonly string[], string]>([
    ["v1.0.0", [], "v1.0.0"],
    ["v1.0.0", ["v1.0.0"], "v1.0.0"],
    ["v1.2.0", ["v1.1.0", "v1.0.0"], "v1.2.0"],
    ["v1.10.0", ["v1.9.0"], "v1.10.0"],
    ["v1.1.1", ["v1.2.0", "v1.1.0"], "v1.2.0"],
    ["1.1.1", ["v1.2.0"], "v1.2.0"],
    ["v1.2.0", ["1.2.0"], "v1.2.0"],
    ["v1.2.3+build.1", ["v1.2.3"], "v1.2.3+build.1"],
    ["v1.2.3", ["v1.2.3+build.1"], "v1.2.3+build.1"],
    ["v1.0.0", ["nightly", "v2", "release-9.0.0", "latest"], "v1.0.0"],
    ["v1.0.0", ["v2.0.0-rc.1"], "v1.0.0"],
    ["v2.0.0-rc.1", ["v1.0.0"], "v1.0.0"],
    ["v0.1.0-beta.2", ["v0.1.0-beta.1"], "v0.1.0-beta.2"],
    ["v0.1.0-beta.1", ["v0.1.0-beta.2"], "v0.1.0-beta.2"],
    ["cli/v9.0.0", ["v1.0.0"], "v1.0.0"],
    ["v1.0.0", ["cli/v9.0.0"], "v1.0.0"],
    ["cli/v1.0.0", ["cli/v0.9.0", "sdk/v5.0.0"], "cli/v1.0.0"],
    ["cli/v0.9.1", ["cli/v1.0.0", "sdk/v5.0.0"], "cli/v1.0.0"],
  ])("after %s beside %j is %s", (tag, others, latest) => {
    expect(latestTag({ tag, prerelease: false }, others)).toBe(latest);
  });

  it("is never one that was published as a prerelease", () => {
    const prerelease = true;
    expect(latestTag({ tag: "v2.0.0", prerelease }, ["v2.0.0", "v1.0.0"])).toBe("v1.0.0");
    expect(latestTag({ tag: "v2.0.0", prerelease }, [])).toBeUndefined();
    expect(latestTag({ tag: "cli/v2.0.0", prerelease }, ["sdk/v1.0.0", "cli/v1.0.0"])).toBe(
      "cli/v1.0.0",
    );
  });
});
