import { describe, expect, it } from "vitest";
import { chooseTargets } from "../../../src/go/targets.ts";
import { PLATFORMS } from "../../support/facts.ts";

describe("a target in another spelling", () => {
  it.each([
    ["linux-amd64", "linux/amd64"],
    ["linux_amd64", "linux/amd64"],
    ["Linux/x86_64", "linux/amd64"],
    ["linux/x64", "linux/amd64"],
    ["linux_amd64_v3", "linux/amd64/v3"],
    ["linux_amd64v3", "linux/amd64/v3"],
    ["macos/arm64", "darwin/arm64"],
    ["darwin/aarch64", "darwin/arm64"],
    ["win64/amd64", "windows/amd64"],
    ["linux/arm/v7", "linux/arm/7"],
    ["linux/armv6", "linux/arm/6"],
    ["linux_arm7", "linux/arm/7"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/i386", "linux/386"],
  ])("%s is answered with %s", (given, meant) => {
    expect(() => chooseTargets([given], PLATFORMS)).toThrow(
      `targets: "${given}" is not a Go target; use ${meant}`,
    );
  });

  it.each([["linux/amd64/v9"], ["linux"], ["plan9/armv7"], ["linux/sparc"]])(
    "%s is nothing that is known",
    (given) => {
      expect(() => chooseTargets([given], PLATFORMS)).toThrow(/^(?!.*; write )/u);
    },
  );
});
