import { describe, expect, it } from "vitest";
import { assertCaches, cacheCure, ownFolders } from "../../../src/go/caches.ts";

const found = { GOCACHE: "/c", GOMODCACHE: "/p/go/pkg/mod", GOPATH: "/p/go:/old" };

describe("the folders that Go fills", () => {
  it("are its caches and what it keeps in GOPATH", () => {
    expect(ownFolders({ ...found, GOTELEMETRYDIR: "/t" }, "/p")).toEqual([
      "/c",
      "/p/go/pkg/mod",
      "/p/go/pkg/sumdb",
      "/p/go/bin",
      "/t",
    ]);
  });

  it("are not the `bin` of a project that is its own GOPATH", () => {
    expect(ownFolders({ ...found, GOCACHE: "off", GOPATH: "/p" }, "/p")).toEqual([
      "/p/go/pkg/mod",
      "/p/pkg/mod",
      "/p/pkg/sumdb",
    ]);
  });
});

describe("a cache that Go cannot have", () => {
  it.each([
    [{ GOCACHE: "off" }, { GOCACHE: "off" }, "GOCACHE is off", "unset GOCACHE"],
    [{ GOCACHE: "off" }, { GOCACHE: ".c" }, 'got ".c"', "`GOCACHE=/m/.c`"],
    [{ GOCACHE: "off" }, {}, "HOME is not set", "set HOME, or GOCACHE"],
    [{ GOPATH: "/m" }, {}, "GOPATH is the module's folder", "`GOPATH=/m/.go`"],
    [{ GOMODCACHE: "mod" }, {}, "GOMODCACHE is not an absolute path", "`GOMODCACHE=/m/mod`"],
  ])("%j of %j is named with its cure", (answer, env, message, hint) => {
    const check = () => assertCaches({ ...found, ...answer }, env as Record<string, string>, "/m");
    expect(check).toThrow(
      expect.objectContaining({
        code: "go-cache",
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it.each([
    [
      "failed to initialize build cache at /x: mkdir /x: read-only file system",
      "set GOCACHE (by default",
    ],
    ["build cache is required, but could not be located: GOCACHE is not defined", "set GOCACHE"],
    [
      "go: could not create module cache: mkdir /x: permission denied",
      "set GOMODCACHE (by default it is under GOPATH or HOME",
    ],
    ["go: module cache not found: neither GOMODCACHE nor GOPATH is set", "set GOMODCACHE"],
    [
      'go: GOPATH entry is relative; must be absolute path: "rel".',
      "set GOPATH to an absolute path",
    ],
    [`go: GOPATH entry cannot start with shell metacharacter '~': "~/go"`, "set GOPATH"],
    ["go: writing stat cache: mkdir /p/go/pkg/mod/cache: read-only file system", "set GOMODCACHE"],
    [
      "read x: write /p/go/pkg/mod/cache/x.tmp: no space left on device",
      "GOMODCACHE cannot be written (no space left on device)",
    ],
    ["open /c/00/1-d: permission denied", "GOCACHE cannot be written (permission denied)"],
  ])("%j has a cure", (line, cure) => {
    expect(cacheCure(["go: downloading x", line], found)).toContain(cure);
  });

  it("is not blamed for other failures", () => {
    expect(
      cacheCure(["open /elsewhere/x: permission denied", "/c/00: bad"], found),
    ).toBeUndefined();
  });
});
