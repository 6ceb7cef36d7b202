import { describe, expect, it } from "vitest";
import {
  goMinor,
  isGoRelease,
  isOlderGo,
  isSameGo,
  readGoVersion,
} from "../../../src/model/go-version.ts";
import { stdlibPurl } from "../../../src/model/purl.ts";

const RED_HAT = "go1.26.8 (Red Hat 1.26.8-1.el10)";

describe("how Go calls itself", () => {
  it.each([
    ["go1.26.8", "go1.26.8", "1.26.8", []],
    ["go1.20", "go1.20", "1.20", []],
    ["go1.27rc1", "go1.27rc1", "1.27rc1", []],
    ["go1.21beta2", "go1.21beta2", "1.21beta2", []],
    ["go1.24.1 X:jsonv2", "go1.24.1", "1.24.1", ["jsonv2"]],
    ["go1.26.8-X:jsonv2,nodwarf5", "go1.26.8", "1.26.8", ["jsonv2", "nodwarf5"]],
    [RED_HAT, RED_HAT, "1.26.8", []],
    [`${RED_HAT} X:strictfipsruntime`, RED_HAT, "1.26.8", ["strictfipsruntime"]],
    ["go1.26.8-bigcorp.3", "go1.26.8-bigcorp.3", "1.26.8", []],
    ["go1.26.8-bigcorp.3 X:jsonv2", "go1.26.8-bigcorp.3", "1.26.8", ["jsonv2"]],
    ["go1.26.0-1-microsoft", "go1.26.0-1-microsoft", "1.26.0", []],
    ["go1.19.8 (Debian 1.19.8-2)", "go1.19.8 (Debian 1.19.8-2)", "1.19.8", []],
    ["go1.18 gccgo (GCC) 12.2.1", "go1.18 gccgo (GCC) 12.2.1", "1.18", []],
    [
      "go1.22-20240109-RC01 cl/597041403 +dcbe772469 X:loopvar",
      "go1.22-20240109-RC01 cl/597041403 +dcbe772469",
      "1.22",
      ["loopvar"],
    ],
    [
      "devel go1.27-abcdef Thu Jan  1 00:00:00 2026 +0000",
      "devel go1.27-abcdef Thu Jan  1 00:00:00 2026 +0000",
      "1.27-devel",
      [],
    ],
    ["go1.27-devel_abcdef Thu Jan  1", "go1.27-devel_abcdef Thu Jan  1", "1.27-devel", []],
    ["devel +abcdef Thu Jan  1", "devel +abcdef Thu Jan  1", undefined, []],
    ["", "", undefined, []],
  ])("%j is read", (text, name, release, experiments) => {
    expect(readGoVersion(text)).toEqual({ name, release, experiments });
  });

  it.each([
    ["go1.26.8", "go1.26.8-X:jsonv2", true],
    ["go1.26.8", "go1.26.8 X:jsonv2", true],
    [RED_HAT, `${RED_HAT} X:jsonv2`, true],
    ["go1.26.8", RED_HAT, false],
    ["go1.26.8", "go1.26.8-bigcorp.3", false],
    ["go1.26.8", "go1.26.7", false],
  ])("%j and %j are the same Go: %s", (one, other, same) => {
    expect(isSameGo(one, other)).toBe(same);
  });

  it.each([
    ["go1.26.8", true],
    ["go1.27rc1", true],
    ["go1.20", true],
    ["go1.26.8-X:nodwarf5", false],
    [RED_HAT, false],
    ["go1.26.8-bigcorp.3", false],
    ["go1.26.8/../../evil", false],
    ["devel go1.27-abcdef", false],
  ])("%j can be had by its name: %s", (text, official) => {
    expect(isGoRelease(text)).toBe(official);
  });

  it.each([
    ["go1.25.0", "go1.26.6", true],
    [RED_HAT, "go1.26.8", false],
    [RED_HAT, "go1.26.10", true],
    ["go1.27rc1", "go1.27.0", true],
    ["go1.27rc1", "go1.27rc2", true],
    ["go1.27beta1", "go1.27rc1", true],
    ["devel go1.27-abcdef", "go1.27rc1", true],
    ["devel go1.27-abcdef", "go1.26.8", false],
    ["go1.26.8", "go1.26.8-bigcorp.3", false],
    ["devel +abcdef", "go1.26.8", false],
  ])("%j is older than %j: %s", (one, other, older) => {
    expect(isOlderGo(one, other)).toBe(older);
  });

  it.each([
    [RED_HAT, 26],
    ["devel go1.27-abcdef", 27],
    ["devel +abcdef", 0],
    ["go1.4", 4],
  ])("%j is Go 1.%i", (text, minor) => {
    expect(goMinor(text)).toBe(minor);
  });

  it.each([
    [RED_HAT, "pkg:golang/stdlib@1.26.8"],
    ["go1.26.8-X:nodwarf5", "pkg:golang/stdlib@1.26.8"],
    ["go1.27rc1", "pkg:golang/stdlib@1.27rc1"],
    ["devel +abcdef", "pkg:golang/stdlib"],
  ])("the standard library of %j is %s", (text, purl) => {
    expect(stdlibPurl(text)).toBe(purl);
  });
});
