import { describe, expect, it } from "vitest";
import type { BuildStep } from "../../../src/model/plan.ts";
import { goNotices } from "../../../src/plan/go-notices.ts";

const linux: BuildStep = {
  id: "linux/amd64",
  target: { os: "linux", arch: "amd64" },
  programs: [],
  flags: ["-trimpath"],
  ldflags: [],
  tags: [],
  env: { CGO_ENABLED: "0" },
  static: "required",
};

const pi: BuildStep = {
  ...linux,
  id: "linux/arm/6",
  target: { os: "linux", arch: "arm", level: "6" },
};

function aside(
  setAside: Readonly<Record<string, string>>,
  builds: readonly BuildStep[] = [linux],
  defaults: Readonly<Record<string, string>> = {},
): string | undefined {
  const [notice, ...more] = goNotices(builds, {
    version: "go1.26.8",
    platforms: [],
    defaults,
    setAside,
  });
  expect(more).toEqual([]);
  return notice?.replace("Go settings of this environment are ignored; use inputs instead: ", "");
}

describe("settings of the environment", () => {
  it.each([
    [{ GOFLAGS: "-tags=extra" }, "GOFLAGS=-tags=extra (use `tags: extra`)"],
    [
      { GOFLAGS: "--race -cover" },
      "GOFLAGS=-race (use `flags: -race`); GOFLAGS=-cover (use `flags: -cover`)",
    ],
    [{ GOFLAGS: "'-ldflags=-X main.key=secret'" }, "GOFLAGS=-ldflags=… (use `ldflags`)"],
    [{ GOFLAGS: "-mod=mod" }, "GOFLAGS=-mod=mod (go.mod is used as committed)"],
    [{ GOFLAGS: "-buildvcs=false" }, "GOFLAGS=-buildvcs=false (use `flags: -buildvcs=false`)"],
    [{ GOEXPERIMENT: "jsonv2" }, "GOEXPERIMENT=jsonv2 (use `env: GOEXPERIMENT=jsonv2`)"],
    [{ GOFIPS140: "v1.0.0" }, "GOFIPS140=v1.0.0 (use `env: GOFIPS140=v1.0.0`)"],
    [{ CGO_ENABLED: "1", CC: "gcc" }, "CGO_ENABLED=1 (use `env: CGO_ENABLED=1`)"],
    [{ GOAMD64: "v3" }, "GOAMD64=v3 (use `targets: linux/amd64/v3`)"],
    [{ GOOS: "linux", GOARCH: "arm64" }, "GOARCH=arm64 (use `targets: linux/arm64`)"],
    [{ GOOS: "freebsd" }, "GOOS=freebsd (use `targets: freebsd/*`)"],
    [{ GO111MODULE: "off" }, "GO111MODULE=off (modules are always on)"],
    [{ GOROOT: "/opt/go" }, "GOROOT=/opt/go (the `go` on PATH uses its own)"],
    [{ GOCACHEPROG: "cacher" }, "GOCACHEPROG (Go's default cache is used)"],
  ])("%j are named with their cure, in one notice", (settings, says) => {
    expect(aside(settings as Record<string, string>)).toBe(says);
  });

  it.each([
    [{ GOFLAGS: "-trimpath -mod=readonly -p=4 -v -modcacherw -buildvcs=true" }],
    [{ CGO_ENABLED: "0" }],
    [{ GOFIPS140: "off" }],
    [{ GOAMD64: "v1", GOARM: "5" }],
    [{ GOOS: "linux", GOARCH: "amd64" }],
    [{ GO111MODULE: "on" }],
    [{ CC: "gcc", CGO_CFLAGS: "-O2" }],
  ])("%j change nothing and are not told", (settings) => {
    expect(aside(settings as unknown as Record<string, string>)).toBeUndefined();
  });

  it("are not told where inputs or the toolchain say the same", () => {
    const same = {
      ...linux,
      tags: ["a", "b"],
      flags: ["-trimpath", "-race"],
      env: { CGO_ENABLED: "1", CC: "clang", GOEXPERIMENT: "jsonv2" },
    };
    const settings = {
      CC: "gcc",
      CGO_ENABLED: "1",
      GOEXPERIMENT: "jsonv2",
      GOFLAGS: "-race -tags=b",
    };
    expect(aside(settings, [same])).toBeUndefined();
    expect(
      aside({ GOEXPERIMENT: "nodwarf5" }, [linux], { GOEXPERIMENT: "nodwarf5" }),
    ).toBeUndefined();
  });

  it("of the C compiler are told where there is one", () => {
    const cgo = { ...linux, env: { CGO_ENABLED: "1" } };
    expect(aside({ CC: "clang", CGO_LDFLAGS: "-lssl" }, [cgo])).toBe(
      "CC (use `env: CC=…`); CGO_LDFLAGS (use `env: CGO_LDFLAGS=…`)",
    );
  });

  it("of a level are told of the targets that they would have changed", () => {
    expect(aside({ GOARM: "7", GOAMD64: "v2" }, [linux, pi])).toBe(
      "GOARM=7 (use `targets: linux/arm/7`); GOAMD64=v2 (use `targets: linux/amd64/v2`)",
    );
    expect(aside({ GOARM: "5,softfloat" }, [pi])).toBe(
      "GOARM=5,softfloat (use `targets: linux/arm/5+softfloat`)",
    );
  });
});

it("another Go than that on PATH is named", () => {
  const go = { version: "go1.27.0", platforms: [], replaced: "go1.26.8 (Red Hat 1.26.8-1.el10)" };
  expect(goNotices([linux], go)).toEqual([
    "go.mod or GOTOOLCHAIN selects go1.27.0 instead of go1.26.8 (Red Hat 1.26.8-1.el10) on PATH; set `GOTOOLCHAIN=local` to use the one on PATH",
  ]);
});

it("a Go older than go.mod suggests is named", () => {
  const go = { version: "go1.25.0", platforms: [], suggested: "go1.26.6" };
  expect(goNotices([linux], go)).toEqual([
    "go.mod suggests go1.26.6, but this is go1.25.0: set `go-version: 1.26.6` to release with it",
  ]);
  expect(goNotices([linux], { ...go, version: "go1.26.6 (Red Hat 1.26.6-1.el10)" })).toEqual([]);
});
