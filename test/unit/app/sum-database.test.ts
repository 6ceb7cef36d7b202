import { describe, expect, it } from "vitest";
import { versionOf } from "../../../src/app/sum-database.ts";
import { keptOut } from "../../../src/go/sum-database.ts";

describe("the settings that keep a module out of the checksum database", () => {
  it.each([
    [{ GOSUMDB: "off" }, "example.com/tool", "GOSUMDB=off"],
    [{ GOSUMDB: "sum.golang.org" }, "example.com/tool", undefined],
    [{ GONOSUMDB: "example.com" }, "example.com/tool", "GONOSUMDB=example.com"],
    [
      { GONOSUMDB: "example.org,*.com/to?l/" },
      "example.com/tool/v2",
      "GONOSUMDB=example.org,*.com/to?l/",
    ],
    [{ GONOSUMDB: "example.com/[^s]ool" }, "example.com/tool", "GONOSUMDB=example.com/[^s]ool"],
    [{ GONOSUMDB: "*" }, "example.com/tool", "GONOSUMDB=*"],
    [{ GONOSUMDB: "exampleXcom,example.com/tool/more,ample.com,," }, "example.com/tool", undefined],
    [{ GONOSUMDB: "example.com/*/v2" }, "example.com/tool", undefined],
    [{ GONOSUMDB: "a(b,[" }, "example.com/tool", undefined],
  ])("%j of %s", (fetching, path, setting) => {
    expect(keptOut(path, fetching as Readonly<Record<string, string>>)).toBe(setting);
  });
});

describe("the version that a tag is of the module in a folder", () => {
  it.each([
    ["v1.2.3", ".", "v1.2.3"],
    ["v2.0.0-rc.1", ".", "v2.0.0-rc.1"],
    ["v2.0.0", "v2", "v2.0.0"],
    ["sub/v1.2.3", "sub", "v1.2.3"],
    ["sub/v2.0.0", "sub/v2", "v2.0.0"],
    ["a/b/v0.1.0", "a/b", "v0.1.0"],
    ["v1.2.3", "sub", undefined],
    ["sub/v1.2.3", ".", undefined],
    ["v1.2.3+build", ".", undefined],
    ["v1.2", ".", undefined],
    ["v1.02.3", ".", undefined],
    ["1.2.3", ".", undefined],
    [null, ".", undefined],
  ])("%s in %s is %s", (tag, folder, version) => {
    expect(versionOf(tag, folder)).toBe(version);
  });
});
