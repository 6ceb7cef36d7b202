import { describe, expect, it } from "vitest";
import { checkBinary } from "../../../../src/go/inspection/check.ts";
import type { PlannedBinary } from "../../../../src/go/inspection/fault.ts";
import type { Inspection } from "../../../../src/model/binary.ts";
import type { BuildStep, ReleaseSpec } from "../../../../src/model/plan.ts";

const COMMIT = "0123456789012345678901234567890123456789";

const release: ReleaseSpec = {
  tag: "v1.2.3",
  version: "1.2.3",
  commit: COMMIT,
  date: "2026-01-02T03:04:05Z",
  snapshot: false,
  title: "v1.2.3",
  notes: "",
  previousTag: null,
  draft: false,
  prerelease: false,
  latest: "auto",
  milestones: [],
};

const linux: BuildStep = {
  id: "linux/amd64",
  target: { os: "linux", arch: "amd64" },
  programs: [],
  flags: ["-trimpath"],
  ldflags: ["-s", "-w"],
  tags: [],
  env: { CGO_ENABLED: "0" },
  static: "required",
};

function expected(
  step: Partial<BuildStep> = {},
  spec: Partial<ReleaseSpec> = {},
  go: Partial<Pick<PlannedBinary["plan"], "go" | "goDefaults" | "modified">> = {},
): PlannedBinary {
  return {
    step: { ...linux, ...step },
    program: { importPath: "example.com/age/cmd/age", package: "./cmd/age", binary: "age" },
    plan: {
      go: "go1.26.8",
      module: { path: "example.com/age", folder: ".", vendored: false },
      modified: false,
      release: { ...release, ...spec },
      ...go,
    },
  };
}

const settings = {
  "-buildmode": "exe",
  "-compiler": "gc",
  "-trimpath": "true",
  CGO_ENABLED: "0",
  GOARCH: "amd64",
  GOOS: "linux",
  GOAMD64: "v1",
};

function inspection(
  parts: Partial<Inspection> = {},
  more: Readonly<Record<string, string>> = {},
): Inspection {
  return {
    format: "elf",
    arch: "amd64",
    linkage: { kind: "static", libraries: [] },
    buildInfo: {
      go: "go1.26.8",
      path: "example.com/age/cmd/age",
      main: { path: "example.com/age", version: "v1.2.3" },
      deps: [],
      settings: { ...settings, ...more },
    },
    ...parts,
  };
}

const dynamic: Inspection["linkage"] = {
  kind: "dynamic",
  interpreter: "/lib64/ld-linux-x86-64.so.2",
  libraries: ["libc.so.6"],
};

const windows = { target: { os: "windows", arch: "amd64" } };
const onWindows = { GOOS: "windows" };

describe("a binary that is what the plan said passes", () => {
  it.each<[string, Inspection, PlannedBinary]>([
    ["static", inspection(), expected()],
    [
      "only what the platform has",
      inspection(
        { format: "pe", linkage: { kind: "system", libraries: ["kernel32.dll"] } },
        onWindows,
      ),
      expected(windows),
    ],
    [
      "dynamic when it is only reported",
      inspection({ linkage: dynamic }),
      expected({ static: "report" }),
    ],
    [
      "linker flags, quotes and all",
      inspection({}, { "-ldflags": `-s '-X=main.a=b "c"' "-X=main.it='s"` }),
      expected({ ldflags: ["-s", `-X=main.a=b "c"`, "-X=main.it='s"] }),
    ],
    ["tags in any order", inspection({}, { "-tags": "b,a" }), expected({ tags: ["a", "b"] })],
    ["FIPS's own tag", inspection({}, { "-tags": "a,fips140v1.0" }), expected({ tags: ["a"] })],
    [
      "release another build mode that was requested",
      inspection({}, { "-buildmode": "pie" }),
      expected({ flags: ["-buildmode=pie"] }),
    ],
    [
      "an experiment that was requested",
      inspection({
        buildInfo: {
          ...inspection().buildInfo,
          go: "go1.26.8 X:jsonv2",
          settings: { ...settings, GOEXPERIMENT: "jsonv2" },
        },
      }),
      expected({ env: { CGO_ENABLED: "0", GOEXPERIMENT: "jsonv2" } }),
    ],
    [
      "a vendor's Go that experiments by default",
      inspection({
        buildInfo: {
          ...inspection().buildInfo,
          go: "go1.26.8 (Red Hat 1.26.8-1.el10) X:strictfipsruntime",
          settings: { ...settings, GOEXPERIMENT: "strictfipsruntime" },
        },
      }),
      expected(
        {},
        {},
        {
          go: "go1.26.8 (Red Hat 1.26.8-1.el10) X:strictfipsruntime",
          goDefaults: { GOEXPERIMENT: "strictfipsruntime" },
        },
      ),
    ],
    [
      "another experiment than the vendor's",
      inspection({
        buildInfo: {
          ...inspection().buildInfo,
          go: "go1.26.8-X:jsonv2",
          settings: { ...settings, GOEXPERIMENT: "jsonv2" },
        },
      }),
      expected(
        { env: { CGO_ENABLED: "0", GOEXPERIMENT: "jsonv2" } },
        {},
        {
          go: "go1.26.8-X:nodwarf5",
          goDefaults: { GOEXPERIMENT: "nodwarf5" },
        },
      ),
    ],
    [
      "trimpath turned off",
      inspection({}, { "-trimpath": "" }),
      expected({ flags: ["-trimpath=false"] }),
    ],
    [
      "the planned commit",
      inspection({}, { "vcs.revision": COMMIT, "vcs.modified": "false" }),
      expected(),
    ],
    [
      "a commit without a tag that Go knows",
      inspection({
        buildInfo: {
          ...inspection().buildInfo,
          main: { path: "example.com/age", version: "v1.2.4-0.20260131120000-0123456789ab" },
        },
      }),
      expected(),
    ],
    [
      "a snapshot of a dirty tree",
      inspection({}, { "vcs.modified": "true" }),
      expected({}, { snapshot: true }),
    ],
    [
      "a tree that only declared files make dirty",
      inspection({}, { "vcs.revision": COMMIT, "vcs.modified": "true" }),
      expected({}, {}, { modified: true }),
    ],
  ])("%s", (_, actual, plan) => {
    expect(() => checkBinary(actual, plan)).not.toThrow();
  });
});

describe("one difference of a binary from the plan is one sentence", () => {
  const info = inspection().buildInfo;
  it.each<[string, Inspection, PlannedBinary]>([
    [
      "age for linux/amd64 is dynamically linked: interpreter /lib64/ld-linux-x86-64.so.2, libc.so.6",
      inspection({ linkage: dynamic }),
      expected(),
    ],
    ["age for linux/amd64 is PE, not ELF", inspection({ format: "pe" }), expected()],
    [
      "age for linux/amd64 holds machine code for arm64, not amd64",
      inspection({ arch: "arm64" }),
      expected(),
    ],
    [
      "age for linux/mips/softfloat holds machine code for GOMIPS=hardfloat, not softfloat",
      inspection({ arch: "mips", level: "hardfloat" }, { GOARCH: "mips", GOMIPS: "softfloat" }),
      expected({ target: { os: "linux", arch: "mips", level: "softfloat" } }),
    ],
    [
      "age for linux/amd64 was built with GOAMD64=v3, not v1",
      inspection({}, { GOAMD64: "v3" }),
      expected(),
    ],
    [
      "age for linux/amd64/v3 was built with GOAMD64=v1, not v3",
      inspection(),
      expected({ target: { os: "linux", arch: "amd64", level: "v3" } }),
    ],
    [
      "age for linux/amd64 was built with GOOS=freebsd, not linux",
      inspection({}, { GOOS: "freebsd" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with CGO_ENABLED=1, not 0",
      inspection({}, { CGO_ENABLED: "1" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with GOEXPERIMENT=jsonv2, not none",
      inspection({}, { GOEXPERIMENT: "jsonv2" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with GOEXPERIMENT=none, not nodwarf5",
      inspection(),
      expected({}, {}, { goDefaults: { GOEXPERIMENT: "nodwarf5" } }),
    ],
    [
      "age for linux/amd64 was built with GOFIPS140=latest, not off",
      inspection({}, { GOFIPS140: "latest" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with GOFIPS140=off, not v1.0.0",
      inspection(),
      expected({ env: { CGO_ENABLED: "0", GOFIPS140: "v1.0.0" } }),
    ],
    [
      'age for linux/amd64 was built by "go1.26.8 (Red Hat 1.26.8-1.el10)", not go1.26.8',
      inspection({ buildInfo: { ...info, go: "go1.26.8 (Red Hat 1.26.8-1.el10)" } }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with -buildmode=pie, not exe",
      inspection({}, { "-buildmode": "pie" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built without -trimpath",
      inspection({}, { "-trimpath": "" }),
      expected(),
    ],
    ["age for linux/amd64 was built with -race", inspection({}, { "-race": "true" }), expected()],
    [
      'age for linux/amd64 was linked with -w, not "-s -w"',
      inspection({}, { "-ldflags": "-w" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built with the tags netgo, not none",
      inspection({}, { "-tags": "netgo" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built by go1.25.0, not go1.26.8",
      inspection({ buildInfo: { ...info, go: "go1.25.0" } }),
      expected(),
    ],
    [
      "age for linux/amd64 is of the module example.com/rage, not example.com/age",
      inspection({ buildInfo: { ...info, main: { path: "example.com/rage", version: "" } } }),
      expected(),
    ],
    [
      "age for linux/amd64 has the version v1.9.0, not v1.2.3",
      inspection({ buildInfo: { ...info, main: { path: "example.com/age", version: "v1.9.0" } } }),
      expected({}, { tag: "age/v1.2.3" }),
    ],
    [
      "age for linux/amd64 is the program command-line-arguments, not example.com/age/cmd/age",
      inspection({ buildInfo: { ...info, path: "command-line-arguments" } }),
      expected(),
    ],
    [
      `age for linux/amd64 was built from the commit abc, not ${COMMIT}`,
      inspection({}, { "vcs.revision": "abc" }),
      expected(),
    ],
    [
      "age for linux/amd64 was built from a modified tree (vcs.modified)",
      inspection({}, { "vcs.revision": COMMIT, "vcs.modified": "true" }),
      expected(),
    ],
  ])("%s", (message, actual, plan) => {
    expect(problemOf(actual, plan)).toMatchObject({ code: "binary-unexpected", message });
  });
});

it("several differences from the plan are said together, with every cure", () => {
  const problem = problemOf(
    inspection({ arch: "386", linkage: dynamic }, { CGO_ENABLED: "1", GOARCH: "386" }),
    expected(),
  );
  expect(problem.message).toBe(
    [
      "age for linux/amd64 is not what was planned:",
      "  it holds machine code for 386, not amd64",
      "  it is dynamically linked: interpreter /lib64/ld-linux-x86-64.so.2, libc.so.6",
      "  it was built with GOARCH=386, not amd64",
      "  it was built with CGO_ENABLED=1, not 0",
    ].join("\n"),
  );
  expect(problem.hint).toContain("set `CGO_ENABLED=0`");
  expect(problem.target).toBe("linux/amd64");
});

it("what a file says of itself cannot write on the terminal", () => {
  const problem = problemOf(inspection({}, { GOAMD64: "\u001b[2J" }), expected());
  expect(problem.message).toBe('age for linux/amd64 was built with GOAMD64="\\u001b[2J", not v1');
});

function problemOf(actual: Inspection, plan: PlannedBinary) {
  try {
    checkBinary(actual, plan);
  } catch (error) {
    return error as { code: string; message: string; hint: string; target: string };
  }
  throw new Error("nothing was thrown");
}

it.each([
  ["v1.0.0", "v1.0.0-c2097c7c"],
  ["certified", "v1.0.0-c2097c7c"],
  ["v1.26.0", "v1.26.0"],
  ["latest", "latest"],
])("a binary of GOFIPS140=%s says %s", (asked, recorded) => {
  const made = inspection({}, { GOFIPS140: recorded, DefaultGODEBUG: "fips140=on" });
  const planned = expected({ env: { CGO_ENABLED: "0", GOFIPS140: asked } });
  expect(() => checkBinary(made, planned)).not.toThrow();
});
