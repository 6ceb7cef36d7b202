import { describe, expect, it } from "vitest";
import { envRefused } from "../../../src/go/go-problems.ts";

describe("`go env` that fails", () => {
  it.each([
    ['go: GOPATH entry is relative; must be absolute path: "x".\nSee', undefined, "go-cache"],
    ["go: download go1.99.0 for linux/amd64: toolchain not available", "1.99.0", "go-unavailable"],
    ["go: requires go >= 1.99 (running go 1.26.8; x)", undefined, "go-too-old"],
    ["go: unknown GOEXPERIMENT x", undefined, "go"],
  ])("with %j is the problem of %s, %s", (stderr, wanted, code) => {
    expect(envRefused(stderr, wanted)).toMatchObject({ code });
  });
});
