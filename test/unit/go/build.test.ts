import { describe, expect, it } from "vitest";
import { goBuild } from "../../../src/go/build.ts";
import { BuildFailed, compile } from "../../../src/go/compile.ts";
import { diagnosticsOf, formatDiagnostic, merged } from "../../../src/go/diagnostics.ts";
import {
  askingEnvironment,
  buildingEnvironment,
  fetchingEnvironment,
} from "../../../src/go/environment.ts";
import { chooseTargets, targetEnvironment } from "../../../src/go/targets.ts";
import type { BuildStep } from "../../../src/model/plan.ts";
import { formatTarget } from "../../../src/model/target.ts";
import type { Command } from "../../../src/world/world.ts";
import { PLATFORMS } from "../../support/facts.ts";

const step = {
  id: "linux/arm/6",
  target: { os: "linux", arch: "arm", level: "6" },
  programs: [{ importPath: "example.com/tool", package: ".", binary: "tool" }],
  flags: ["-trimpath"],
  ldflags: ["-s", "-X", "main.title=a b", "-X", "main.quote=it's"],
  tags: ["netgo", "tiny"],
  env: { CGO_ENABLED: "0", GOOS: "plan9" },
  static: "required",
} as const;

const bench = {
  toolchain: { go: "/go/bin/go", env: { PATH: "/bin", GOENV: "off", GOPROXY: "https://proxy" } },
  folder: "/module",
  flags: [],
  vendored: false,
  out: "/out",
  temporary: "/tmp/x",
  share: { compilers: 2, memory: 1024, gc: "off" },
} as const;

describe("one go build", () => {
  it("is decided in data", () => {
    expect(
      goBuild(
        {
          ...step,
          programs: [...step.programs],
          flags: [...step.flags],
          ldflags: [...step.ldflags],
          tags: [...step.tags],
        },
        bench,
      ),
    ).toEqual({
      file: "/go/bin/go",
      args: [
        "build",
        "-trimpath",
        "-mod=readonly",
        "-p=2",
        "-v",
        "-ldflags=-s -X 'main.title=a b' -X \"main.quote=it's\"",
        "-tags=netgo,tiny",
        "-o",
        "/out/tool",
        "--",
        ".",
      ],
      cwd: "/module",
      env: {
        PATH: "/bin",
        GOENV: "off",
        CGO_ENABLED: "0",
        GOOS: "linux",
        GOARCH: "arm",
        GOARM: "6",
        GOPROXY: "off",
        GOTMPDIR: "/tmp/x",
        GOGC: "off",
        GOMEMLIMIT: "1024",
      },
    });
  });
});

describe("the environment of go", () => {
  const user = {
    PATH: "/bin",
    HOME: "/home/x",
    GOFLAGS: "-race",
    GOAMD64: "v3",
    GITHUB_TOKEN: "secret",
    COSIGN_PASSWORD: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    GOPROXY: "https://proxy.example.com",
    GOENV: "/home/x/env",
    https_proxy: "http://proxy:3128",
    EMPTY: "",
  };

  it("to ask in has the user's settings of fetching alone", () => {
    expect(askingEnvironment(user, "go1.26.8")).toEqual({
      PATH: "/bin",
      HOME: "/home/x",
      GOPROXY: "https://proxy.example.com",
      GOENV: "/home/x/env",
      https_proxy: "http://proxy:3128",
      GOTOOLCHAIN: "go1.26.8",
      GO111MODULE: "on",
      GOWORK: "off",
      LC_ALL: "C",
    });
  });

  it("to ask in keeps the user's GOTOOLCHAIN where no version is asked for", () => {
    const auto = { ...user, GOTOOLCHAIN: "auto" };
    expect(askingEnvironment(auto, undefined)).toMatchObject({ GOTOOLCHAIN: "auto" });
    expect(askingEnvironment(user, undefined)).not.toHaveProperty("GOTOOLCHAIN");
  });

  it("to build in is an allow-list", () => {
    const env = buildingEnvironment(user);
    expect(env).toMatchObject({
      GOENV: "off",
      GOWORK: "off",
      GOPROXY: "off",
      GOTOOLCHAIN: "local",
    });
    expect(Object.values(env)).not.toContain("secret");
    for (const name of ["GOFLAGS", "GOAMD64", "GITHUB_TOKEN", "https_proxy"])
      expect(env).not.toHaveProperty(name);
  });

  it("to fetch in reaches servers, as git and `go env` are set up", () => {
    const git = { GIT_CONFIG_GLOBAL: "/home/x/gitconfig" };
    const env = fetchingEnvironment(user, { GOPRIVATE: "git.example.com" }, git);
    expect(env).toMatchObject({
      GOENV: "off",
      GOPRIVATE: "git.example.com",
      GIT_CONFIG_GLOBAL: "/home/x/gitconfig",
      https_proxy: "http://proxy:3128",
    });
    expect(env).not.toHaveProperty("GOPROXY");
    expect(Object.values(env)).not.toContain("secret");
  });
});

describe("a go build that fails", () => {
  const complaint = ["# example.com/tool/sound", "sound/a.go:3:15: bad", "WORK=/tmp/go-build1"];
  const lines = ["example.com/tool/sound", "gopkg.in/yaml.v3", ...complaint];

  it.each([
    [[], complaint],
    [["-v"], lines],
  ])(
    "with the flags %j tells no package that is compiled but to who asked",
    async (flags, told) => {
      const said: string[] = [];
      const { signal } = new AbortController();
      const failing = compile({ ...step, flags } as unknown as BuildStep, {} as Command, {
        stream: async (_, { onLine }) => {
          for (const line of lines) onLine(line, "stderr");
          return { status: 1, signal: null };
        },
        signal,
        onLine: (line) => said.push(line),
      });
      await expect(failing).rejects.toMatchObject({
        message: expect.stringMatching(
          /^go build failed for linux\/arm\/6 \(exit status 1\)\n {2}sound\/a\.go:3:15: bad\n/,
        ),
      });
      expect(said).toEqual(told);
    },
  );

  it.each([
    ["internal/godebug: /go/pkg/tool/compile: signal: killed", true],
    ["x86_64-linux-gnu-gcc: fatal error: Killed signal terminated program cc1", true],
    ["collect2: fatal error: ld terminated with signal 9 [Killed]", true],
    ["clang: error: unable to execute command: Killed", true],
    ["fatal error: runtime: out of memory", true],
    ["go: fork/exec /go/pkg/tool/compile: cannot allocate memory", true],
    ["./a.go:1:2: bad", false],
  ])("after %j was killed for memory: %s", (line, killed) => {
    const failed = new BuildFailed(step as unknown as BuildStep, { status: 1, signal: null }, [
      line,
    ]);
    expect(failed.killed).toBe(killed);
  });
});

it.each([
  "gcc_arm64.S:42: Error: no such instruction: `stp x23,x24,[sp,'",
  "gcc: error: unrecognized command-line option '-marm'",
  "gcc: error: unrecognized command line option ‘-mthreads’; did you mean ‘-pthread’?",
])("%s: the C compiler of another platform is told from a fault of the code", (line) => {
  const failed = new BuildFailed(step as unknown as BuildStep, { status: 1, signal: null }, [line]);
  expect(failed.hint).toContain("the C compiler targets another platform");
});

describe("targets", () => {
  it.each([
    [["linux/amd64"], ["linux/amd64"]],
    [["linux/amd64/v1"], ["linux/amd64/v1"]],
    [["linux/arm", "linux/arm/7"], ["linux/arm/7"]],
    [["linux/arm/7", "linux/arm"], ["linux/arm/7"]],
    [["linux/arm", "!linux/arm/7", "linux/arm/6"], ["linux/arm/6"]],
    [
      ["linux/amd64/v3", "linux/amd64"],
      ["linux/amd64/v3", "linux/amd64"],
    ],
    [
      ["linux/arm/7", "linux/arm/6"],
      ["linux/arm/7", "linux/arm/6"],
    ],
    [["darwin/*"], ["darwin/amd64", "darwin/arm64"]],
    [["*/wasm"], ["js/wasm", "wasip1/wasm"]],
    [["linux/{386,arm}"], ["linux/386", "linux/arm"]],
    [
      ["linux/*", "!linux/{mips,riscv64,386,arm}"],
      ["linux/amd64", "linux/arm64"],
    ],
    [["linux/arm/6", "linux/arm", "!linux/arm/6"], ["linux/arm"]],
    [["linux/arm/6", "linux/arm", "linux/386", "!linux/arm"], ["linux/386"]],
    [["linux/amd64", "linux/amd64"], ["linux/amd64"]],
  ])("%j are %j", (patterns, expected) => {
    expect(chooseTargets(patterns, PLATFORMS).map(formatTarget)).toEqual(expected);
  });

  it.each([
    [
      { os: "linux", arch: "amd64" },
      { GOOS: "linux", GOARCH: "amd64", GOAMD64: "v1" },
    ],
    [
      { os: "linux", arch: "386", level: "softfloat" },
      { GOOS: "linux", GOARCH: "386", GO386: "softfloat" },
    ],
    [
      { os: "js", arch: "wasm" },
      { GOOS: "js", GOARCH: "wasm" },
    ],
  ])("%j has the variables %j", (target, env) => {
    expect(targetEnvironment(target)).toEqual(env);
  });
});

describe("what the compiler complains of", () => {
  const lines = [
    "go: downloading example.com/x v1.0.0",
    "# example.com/tool/sound",
    "./sound/a.go:3:15: undefined: x",
    "sound/b.go:7:2: cannot use y (variable of type int) as string value in argument to z:",
    "\thave int",
    "\twant string",
    "sound/b.go:9:1: too many errors",
    "go.mod:5: unknown directive: foo",
  ];

  it("is read line by line", () => {
    expect(diagnosticsOf(lines, "linux/amd64").map(formatDiagnostic)).toEqual([
      "sound/a.go:3:15: undefined: x",
      "sound/b.go:7:2: cannot use y (variable of type int) as string value in argument to z:\n\thave int\n\twant string",
      "go.mod:5: unknown directive: foo",
    ]);
    expect(diagnosticsOf(lines, "linux/amd64")[0]).toMatchObject({
      package: "example.com/tool/sound",
      file: "sound/a.go",
      line: 3,
      column: 15,
      targets: ["linux/amd64"],
    });
  });

  it("of many targets is said once", () => {
    const all = ["linux/amd64", "darwin/arm64", "windows/amd64"].flatMap((target) =>
      diagnosticsOf(["./a.go:1:2: bad"], target),
    );
    expect(merged(all)).toEqual([
      {
        file: "a.go",
        line: 1,
        column: 2,
        message: "bad",
        targets: ["linux/amd64", "darwin/arm64", "windows/amd64"],
      },
    ]);
  });
});
