import { describe, expect, it } from "vitest";
import { goList, type ListOptions, listPackages } from "../../../src/go/programs.ts";
import type { Command } from "../../../src/world/world.ts";

const options: ListOptions = {
  toolchain: {
    go: "/go/bin/go",
    version: "go1.26.8",
    defaults: {},
    fetching: {},
    folders: [],
    setAside: {},
    module: "/module",
    workspace: undefined,
    env: { PATH: "/bin", GOPROXY: "https://proxy", GOMODCACHE: "/cache" },
  },
  folder: "/module",
  vendored: false,
  tags: ["netgo", "tiny"],
  flags: ["-trimpath", "--tags", "a", "-pgo=x.pgo", "-overlay=o.json", "-race", "-v"],
  env: { GOOS: "linux", GOARCH: "arm64", CGO_ENABLED: "0" },
};

describe("the question to go list", () => {
  it("is decided in data, and asks as the build will", () => {
    const { args, ...rest } = goList(["./..."], "-deps", options);
    const fields = args.find((word) => word.startsWith("-json=")) ?? "";
    expect(args).toEqual([
      "list",
      "-e",
      "-deps",
      "-tags=a",
      "-overlay=o.json",
      "-race",
      "-pgo=off",
      "-mod=readonly",
      "-tags=netgo,tiny",
      fields,
      "--",
      "./...",
    ]);
    expect(fields).toContain("GoFiles,CgoFiles,CFiles");
    expect(rest).toEqual({
      file: "/go/bin/go",
      cwd: "/module",
      env: { ...options.toolchain.env, ...options.env, GOPROXY: "off" },
    });
  });

  it("asks the network only for the packages themselves", () => {
    expect(goList(["."], "-find", options).env["GOPROXY"]).toBe("https://proxy");
  });
});

/** `go list` that says what it is told to. */
function saying(answers: Readonly<Record<"-deps" | "-find", object[] | string>>) {
  const asked: string[] = [];
  const capture = async ({ args }: Command) => {
    const how = args.includes("-deps") ? "-deps" : "-find";
    asked.push(how);
    const answer = answers[how];
    return typeof answer === "string"
      ? { status: 1, stdout: "", stderr: answer }
      : {
          status: 0,
          stderr: "",
          stdout: answer.map((one) => `${JSON.stringify(one, null, 1)}\n`).join(""),
        };
  };
  return { capture, asked };
}

const MAIN = { ImportPath: "m", Dir: "/module", Name: "main", GoFiles: ["main.go"] };

describe("listed packages", () => {
  it("have sources where they are neither Go's own nor in the module cache", async () => {
    const { capture, asked } = saying({
      "-deps": [
        { ImportPath: "fmt", Dir: "/goroot/fmt", Standard: true, DepOnly: true, GoFiles: ["a.go"] },
        { ImportPath: "x", Dir: "/cache/x@v1.0.0", DepOnly: true, GoFiles: ["x.go"] },
        {
          ImportPath: "y",
          Dir: "/elsewhere/y",
          DepOnly: true,
          Name: "main",
          Module: { Path: "y", GoMod: "/elsewhere/y/go.mod" },
          GoFiles: ["y.go"],
          SysoFiles: ["y.syso"],
          EmbedFiles: ["web/a", "web/b"],
          EmbedPatterns: ["web"],
          CgoCFLAGS: ["-I/elsewhere/y/include"],
        },
        { ...MAIN, Imports: ["fmt", "x", "y"] },
      ],
      "-find": [],
    });
    const { packages, complete } = await listPackages(["."], options, { capture });
    expect({ asked, complete }).toEqual({ asked: ["-deps"], complete: true });
    expect(packages.map(({ sources }) => sources)).toEqual([
      undefined,
      undefined,
      {
        files: ["y.go", "y.syso", "web/a", "web/b"].map((name) => `/elsewhere/y/${name}`),
        embeds: ["web"],
        cgoFlags: ["-I/elsewhere/y/include"],
        module: { path: "y", goMod: "/elsewhere/y/go.mod" },
      },
      { files: ["/module/main.go"], embeds: [], cgoFlags: [], module: undefined },
    ]);
  });

  it("are listed again by themselves where a module is missing, and the rest counts besides", async () => {
    const off = { Err: "module lookup disabled by GOPROXY=off" };
    const { capture, asked } = saying({
      "-deps": [
        { ImportPath: "z", DepOnly: true, Error: off },
        { ImportPath: "m", Error: off },
      ],
      "-find": [MAIN],
    });
    const { packages, complete } = await listPackages(["."], options, { capture });
    expect({ asked, complete }).toEqual({ asked: ["-deps", "-find"], complete: false });
    expect(
      packages.map(({ importPath, program, dependency }) => [importPath, program, dependency]),
    ).toEqual([
      ["m", true, false],
      ["z", false, true],
      ["m", false, true],
    ]);
  });

  it("are listed by themselves where go.mod's requirements are not there", async () => {
    const { capture } = saying({ "-deps": "go: x@v1: module lookup disabled", "-find": [MAIN] });
    const { packages, complete } = await listPackages(["."], options, { capture });
    expect(packages).toHaveLength(1);
    expect(complete).toBe(false);
  });

  it("are a problem where go cannot list them at all", async () => {
    const { capture } = saying({ "-deps": "go: no", "-find": "go: updates to go.mod needed" });
    await expect(listPackages(["."], options, { capture })).rejects.toMatchObject({
      code: "go-list",
      hint: "run `go mod tidy` and commit go.mod and go.sum",
    });
  });
});
