import { describe, expect, it } from "vitest";
import { inputs } from "../../../src/config/inputs.ts";

function ruleOf(input: "flags" | "ldflags" | "tags" | "env", raw: unknown): string | undefined {
  const reading = inputs[input].read(raw);
  return "rule" in reading ? [reading.rule, reading.cure].filter(Boolean).join("; ") : undefined;
}

describe("flags", () => {
  it.each([
    ["-C ./src", "-C is set by this program; name the module's folder with `working-directory`"],
    ["-trimpath -C=src", "-C is set by this program"],
    ["-o bin/tool", "-o is set by this program; set the program's name with `binary`"],
    ["-ldflags=-s", "-ldflags has its own input; put linker flags in `ldflags`"],
    ["-ldflags '-s -w'", "-ldflags has its own input"],
    ["--ldflags=-s", "-ldflags has its own input"],
    ["-tags netgo", "-tags has its own input; put the tags in `tags`"],
    [["-tags netgo"], "-tags has its own input"],
    ["-mod=mod", "-mod=mod is not allowed in `flags`: a release never changes go.mod or go.sum"],
    ["-mod mod", "-mod=mod is not allowed in `flags`"],
    [
      "-modfile=go.release.mod",
      "-modfile is not allowed in `flags`: a release is built from go.mod",
    ],
    ["-p 4", "-p is set by this program; use `concurrency`"],
    ["-n", "-n builds nothing; use the command `plan` to see what would be done"],
    ["-json", "-json is not allowed in `flags`"],
    ["./cmd/app", '"./cmd/app" is not a flag of `go build`; packages belong in `main`'],
    ["-v go build", '"go" is not a flag of `go build`'],
    [
      "-race netgo",
      '"netgo" is not a flag of `go build`; packages belong in `main`, build tags in `tags`',
    ],
    ["-gcflags", "-gcflags needs a value"],
  ])("%j are refused: %s", (raw, rule) => {
    expect(ruleOf("flags", raw)).toContain(rule);
  });

  it.each([
    ["-trimpath"],
    ["-trimpath=false -buildvcs=auto -buildvcs"],
    ["-gcflags all=-N -asmflags=all=-trimpath"],
    ["'-gcflags -N'"],
    ["-gcflags '-o -n'"],
    ["-mod=vendor"],
    ["-mod readonly"],
    ["-buildmode pie -race -a -v -x"],
    ["-pgo default.pgo --toolexec 'wrap -C'"],
    ["-bogus"],
    [""],
  ])("%j are taken", (raw) => {
    expect(ruleOf("flags", raw)).toBeUndefined();
  });
});

describe("ldflags", () => {
  it.each([
    ["-ldflags=-s", "-ldflags is the name of this input; write only what comes after it"],
    [
      "-X version=1",
      '-X sets PACKAGE.NAME=VALUE, and "version=1" is not of that form; e.g. -X main.version={version}',
    ],
    ["-X main.version", '"main.version" is not of that form'],
    ["-X main.version = 1", '"main.version" is not of that form'],
    ["-X example.com/tool/version=1.2", '"example.com/tool/version=1.2" is not of that form'],
    ["-X main.a=1 main.b=2", '"main.b=2" does not belong to a flag; put -X in front of it'],
    [
      "-X main.date=Fri Aug 14",
      '"Aug" does not belong to a flag; remove it, or quote the value that it belongs to',
    ],
    ["main.version=1", '"main.version=1" does not belong to a flag'],
    ["-X main.version 1.2.3", '"main.version" is not of that form'],
    ["-s -X", "it has no value"],
    ["-X=version=1.0", '"version=1.0" is not of that form'],
  ])("%j are refused: %s", (raw, rule) => {
    expect(ruleOf("ldflags", raw)).toContain(rule);
  });

  it.each([
    ["-s -w -X main.version={version}", ["-s", "-w", "-X", "main.version={version}"]],
    ["-X 'main.name=a b'", ["-X", "main.name=a b"]],
    ["-X=main.a=b=c", ["-X=main.a=b=c"]],
    [
      ["-s -w", "-X main.version={version}"],
      ["-s", "-w", "-X", "main.version={version}"],
    ],
    [["-X 'main.name=a b'"], ["-X", "main.name=a b"]],
    [
      ["-X", "main.name=a b"],
      ["-X", "main.name=a b"],
    ],
    [["-X=main.name=a b"], ["-X=main.name=a b"]],
    [["-extldflags '-static -lm'"], ["-extldflags", "-static -lm"]],
  ])("%j are %j", (raw, value) => {
    expect(inputs.ldflags.read(raw)).toEqual({ value });
  });
});

describe("tags", () => {
  it.each([
    ["a b", ["a", "b"]],
    ["a,b", ["a", "b"]],
    ["a, b\nc", ["a", "b", "c"]],
    [
      ["a b", "c"],
      ["a", "b", "c"],
    ],
    ["go1.26 sqlite_fts5", ["go1.26", "sqlite_fts5"]],
  ])("%j are %j", (raw, value) => {
    expect(inputs.tags.read(raw)).toEqual({ value });
  });

  it.each([
    ["-tags netgo", '"-tags" is not a build tag; write only the tags, without -tags'],
    ["-tags=netgo", '"-tags=netgo" is not a build tag; write only the tags'],
    ["!cgo", '"!cgo" is not a build tag; a tag is off unless it is listed'],
    ["netgo&&osusergo", '"netgo&&osusergo" is not a build tag; a tag consists of letters'],
  ])("%j are refused: %s", (raw, rule) => {
    expect(ruleOf("tags", raw)).toContain(rule);
  });
});

describe("env", () => {
  it.each([
    [{ CGO_ENABLED: false }, 'CGO_ENABLED must be 0 or 1: it is "false"'],
    ["CGO_ENABLED=", 'CGO_ENABLED must be 0 or 1: it is ""'],
    ["CGO_ENABLED=on", "CGO_ENABLED must be 0 or 1"],
    ["cgo_enabled=1", "Go does not read cgo_enabled: spell it CGO_ENABLED"],
    ["GO111MODULE=off", "GO111MODULE must be on: a release is always built from a module"],
    ["GOWORK=../go.work", "GOWORK is set by this program"],
    ["GOOS=linux", "GOOS is set for each target: name it in `targets`"],
  ])("%j is refused: %s", (raw, rule) => {
    expect(ruleOf("env", raw)).toContain(rule);
  });

  it.each([
    [{ CGO_ENABLED: 1 }],
    ["CGO_ENABLED=0\nCC=gcc"],
    ["good=1"],
    ["GODEBUG=x=1"],
    ["GO111MODULE=on\nGOWORK=off"],
  ])("%j is taken", (raw) => {
    expect(ruleOf("env", raw)).toBeUndefined();
  });
});
