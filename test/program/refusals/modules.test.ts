import { settingsOf } from "../../support/path.ts";
import { lines, refuses } from "../../support/refusal.ts";
import { COMMANDS, GO_MOD, LIBRARY, MAIN, PROGRAM } from "../../support/repository.ts";

refuses("the module and its programs", [
  {
    name: "no go.mod",
    tree: { "main.go": MAIN },
    bundled: true,
    says: lines(
      "error: there is no go.mod in <folder>",
      "  → run in the module's folder, or set `working-directory`",
    ),
  },
  {
    name: "a module in a folder",
    tree: { "src/go.mod": GO_MOD, "src/main.go": MAIN, "src/testdata/go.mod": GO_MOD },
    says: lines(
      "error: there is no go.mod in <folder>",
      "  → set `working-directory` to the folder of the repository's module: src",
    ),
  },
  {
    name: "modules in other folders",
    tree: { "a/go.mod": GO_MOD, "b/c/go.mod": GO_MOD, "d/README": "" },
    argv: ["--working-directory=d"],
    says: lines(
      "error: there is no go.mod in <folder>/d",
      "  → set `working-directory` to the folder of a module: ../a, ../b/c",
    ),
  },
  {
    name: "a folder inside the module",
    tree: COMMANDS,
    argv: ["--working-directory=cmd/client"],
    says: lines(
      "error: <folder>/cmd/client is inside the module in <folder>",
      "  → run there, or set `working-directory: ../..`",
    ),
  },
  {
    name: "a library",
    tree: { "go.mod": GO_MOD, "tool.go": LIBRARY },
    says: lines(
      "error: module example.com/tool has no program: no package is named main",
      "  → a library is released by its tag alone; for a program in a nested module set `working-directory`, for one that imports C set `env: CGO_ENABLED=1`",
    ),
  },
  {
    name: "programs that are not released by default",
    tree: { "go.mod": GO_MOD, "tool.go": LIBRARY, "internal/gen/main.go": MAIN },
    says: lines(
      "error: module example.com/tool has only programs that are not released by default or are for other targets: ./internal/gen",
      "  → select them with `main` and `targets`; files that import C need `env: CGO_ENABLED=1`",
    ),
  },
  {
    name: "a named package that is not there",
    argv: ["--main=./cmd/tool"],
    says: lines(
      "error: main: there is no folder <folder>/cmd/tool",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named folder that is a module of its own",
    tree: {
      ...PROGRAM,
      "cmd/tool/go.mod": "module example.com/tool/cmd/tool\n\ngo 1.21\n",
      "cmd/tool/main.go": MAIN,
    },
    argv: ["--main=./cmd/tool"],
    says: lines(
      "error: main: ./cmd/tool is a module of its own",
      "  → release it separately: set `working-directory: cmd/tool`",
    ),
  },
  {
    name: "a named file that is not there",
    argv: ["--main=./cmd/tool/main.go"],
    says: lines(
      "error: main: there is no file ./cmd/tool/main.go",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named file that is left out of its package",
    tree: { ...PROGRAM, "gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n" },
    argv: ["--main=gen.go"],
    says: lines(
      "error: main: gen.go is not among the files of its package",
      "  → a build constraint excludes it: move it into its own folder, and give that folder",
    ),
  },
  {
    name: "a file that Windows has no name for",
    tree: { ...PROGRAM, "docs/aux.md": "", "docs/a:b": "" },
    argv: ["--files=docs/**"],
    says: lines(
      'error: Windows does not allow a file named "docs/a:b" (it contains :), "docs/aux.md" (AUX is a reserved device name)',
      "  → rename it, remove it from `files`, or set the program's name with `binary` in `builds`",
    ),
  },
  {
    name: "a program that Windows has no name for",
    tree: { ...PROGRAM, ".go-release.yaml": "builds:\n  - binary: aux\n" },
    says: lines(
      'error: Windows does not allow a file named "aux.exe" (AUX is a reserved device name)',
      "  → rename it, remove it from `files`, or set the program's name with `binary` in `builds`",
    ),
  },
  {
    name: "a named package without a dot",
    tree: COMMANDS,
    argv: ["--main=cmd/cleint"],
    says: lines(
      "error: main: there is no folder <folder>/cmd/cleint",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named library",
    tree: COMMANDS,
    argv: ["--main=."],
    says: lines(
      "error: main: example.com/tool is a library, not a program",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named package outside the module",
    argv: ["--main=../other"],
    says: lines(
      "error: main: there is no folder /tmp/other",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named package of the network",
    argv: ["--main=https://example.com/x"],
    says: lines(
      "error: main: there is no folder <folder>/https:/example.com/x",
      "  → give folders of main packages relative to the module, e.g. `./cmd/app`",
    ),
  },
  {
    name: "a named program for another platform",
    tree: { ...COMMANDS, "cmd/service/main_windows.go": MAIN },
    argv: ["--main=./cmd/service", "--targets=linux/amd64"],
    says: lines(
      "error: main: ./cmd/service has no files for any of the targets",
      "  → select them with `main` and `targets`; files that import C need `env: CGO_ENABLED=1`",
    ),
  },
  {
    name: "a broken go.mod",
    tree: { ...PROGRAM, "go.mod": "modul example.com/tool\n" },
    says: lines(
      "error: go cannot read go.mod: errors parsing go.mod:",
      "go.mod:1: unknown directive: modul",
      "  → fix go.mod and run `go mod tidy`",
    ),
  },
  {
    name: "an empty go.mod",
    tree: { ...PROGRAM, "go.mod": "" },
    says: lines(
      "error: go cannot read go.mod: error reading go.mod: missing module declaration. To specify the module path:",
      "\tgo mod edit -module=example.com/mod",
      "  → fix go.mod and run `go mod tidy`",
    ),
  },
  {
    name: "a Go that is too old",
    tree: { ...PROGRAM, "go.mod": "module example.com/tool\n\ngo 1.99\n" },
    env: { GOTOOLCHAIN: "local" },
    says: lines(
      "error: go.mod requires Go 1.99, but this is Go 1.26.8",
      "  → install Go 1.99 or newer, or let Go fetch it: `GOTOOLCHAIN=auto` and a GOPROXY that has it",
    ),
  },
  {
    name: "a Go that cannot be had",
    tree: { ...PROGRAM, "go.mod": "module example.com/tool\n\ngo 1.99.0\n" },
    env: { GOPROXY: "off" },
    says: lines(
      "error: go.mod requires Go 1.99.0, but this is Go 1.26.8",
      "  → install Go 1.99.0 or newer, or let Go fetch it: `GOTOOLCHAIN=auto` and a GOPROXY that has it",
    ),
  },
  {
    name: "a wanted Go that cannot be had",
    argv: ["--go-version=1.25.99"],
    env: { GOPROXY: "off" },
    says: lines(
      "error: go-version 1.25.99 is not available: download go1.25.99 for linux/amd64: toolchain not available",
      "  → use a version listed on go.dev/dl, and check the network and GOPROXY",
    ),
  },
  {
    name: "settings that go itself refuses",
    env: { GOENV: settingsOf("GOEXPERIMENT=nonsense\n") },
    says: lines(
      "error: `go env` failed: unknown GOEXPERIMENT nsense",
      "  → run `go env` in the module and fix what it reports",
    ),
  },
  {
    name: "a module that nothing requires",
    tree: {
      ...PROGRAM,
      "main.go": 'package main\n\nimport _ "golang.org/x/text/width"\n\nfunc main() {}\n',
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:3:8: cannot find module providing package golang.org/x/text/width: import lookup disabled by -mod=readonly",
      "  → run `go mod tidy` and commit go.mod and go.sum",
    ),
  },
  {
    name: "no go.sum",
    tree: {
      ...PROGRAM,
      "go.mod": `${GO_MOD}\nrequire golang.org/x/text v0.14.0\n`,
      "main.go": 'package main\n\nimport _ "golang.org/x/text/width"\n\nfunc main() {}\n',
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:3:8: missing go.sum entry for module providing package golang.org/x/text/width (imported by example.com/tool); to add:",
      "  \tgo get example.com/tool",
      "  → run `go mod tidy` and commit go.mod and go.sum",
    ),
  },
  {
    name: "a module that cannot be had",
    tree: { ...PROGRAM, "go.mod": `${GO_MOD}\nrequire example.com/missing v1.0.0\n` },
    env: { GOPROXY: "off", GOFLAGS: "-mod=mod" },
    opens: "dist",
    says: lines(
      "error: go mod download failed (download modules)",
      "  go: example.com/missing@v1.0.0: module lookup disabled by GOPROXY=off",
      "  → GOPROXY is off and the module is not in GOMODCACHE: set GOPROXY, or fill the cache first",
    ),
  },
  {
    name: "a vendor folder that does not fit go.mod",
    tree: {
      ...PROGRAM,
      "go.mod": `${GO_MOD}\nrequire golang.org/x/text v0.14.0\n`,
      "vendor/modules.txt": "# golang.org/x/text v0.13.0\n## explicit\n",
    },
    says: lines(
      "error: go cannot read go.mod: inconsistent vendoring in <folder>:",
      "\tgolang.org/x/text@v0.14.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
      "  → run `go mod vendor` and commit the vendor folder",
    ),
  },
]);

refuses("targets and contains", [
  {
    name: "an unknown system",
    argv: ["--targets=linus/amd64"],
    says: lines(
      'error: targets: "linus/amd64" is not a target of this Go version; amd64 exists on android, darwin, dragonfly, freebsd, illumos, ios, linux, netbsd, openbsd, plan9, solaris, windows',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "targets whose programs cannot be read",
    argv: ["--targets=aix/*,linux/amd64,plan9/386"],
    says: lines(
      "error: targets: programs for aix/ppc64, plan9/386 cannot be inspected",
      "  → exclude them: `!aix/ppc64`, `!plan9/386`",
    ),
  },
  {
    name: "an unknown architecture",
    argv: ["--targets=darwin/386"],
    says: lines(
      'error: targets: "darwin/386" is not a target of this Go version; darwin has amd64, arm64',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "a target that is none",
    argv: ["--targets=linux"],
    says: lines(
      'error: targets: "linux" must be os/arch or os/arch/level',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "an unknown level",
    argv: ["--targets=linux/amd64/v9"],
    says: lines(
      'error: targets: "linux/amd64/v9" has a level that amd64 does not know; levels are v1 to v4',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "a level where there are none",
    argv: ["--targets=linux/s390x/z13"],
    says: lines(
      'error: targets: "linux/s390x/z13" has a level that s390x does not know; it has none',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "several faults of targets",
    argv: ["--targets=linux/arm/9,plan10/amd64"],
    says: lines(
      'error: targets: "linux/arm/9" has a level that arm does not know; levels are 5, 6, 7',
      'targets: "plan10/amd64" is not a target of this Go version; amd64 exists on android, darwin, dragonfly, freebsd, illumos, ios, linux, netbsd, openbsd, plan9, solaris, windows',
      "  → `go tool dist list` prints the targets Go knows",
    ),
  },
  {
    name: "exclusions of everything",
    argv: ["--targets=linux/amd64,!linux/*"],
    says: lines(
      'error: targets: ["linux/amd64","!linux/*"] leave nothing to build',
      "  → include at least one target that no `!` excludes",
    ),
  },
  {
    name: "archives of one name",
    argv: ["--archive-name={name}"],
    says: lines(
      "error: two artifacts would be named tool.tar.gz",
      "  → use more variables in `archive-name`: {os}, {arch}, {level}, and {binary} for bare binaries; give files in `extra-files` other names with `name`",
    ),
  },
  {
    name: "an archive named as the checksums",
    argv: ["--archive=none", "--targets=linux/amd64", "--archive-name=checksums.txt"],
    says: lines(
      "error: two artifacts would be named checksums.txt",
      "  → use more variables in `archive-name`: {os}, {arch}, {level}, and {binary} for bare binaries; give files in `extra-files` other names with `name`",
    ),
  },
  {
    name: "an archive in another folder",
    argv: ["--archive-name=../{name}_{os}_{arch}"],
    says: lines(
      'error: an artifact would be named "../tool_linux_amd64.tar.gz"',
      "  → change `archive-name` so that names have only visible characters, no slashes, and do not begin with a dot or a dash",
    ),
  },
  {
    name: "a hidden archive",
    argv: ["--archive-name=.{name}_{os}_{arch}"],
    says: lines(
      'error: an artifact would be named ".tool_linux_amd64.tar.gz"',
      "  → change `archive-name` so that names have only visible characters, no slashes, and do not begin with a dot or a dash",
    ),
  },
  {
    name: "a file whose name cannot be unpacked everywhere",
    tree: { ...PROGRAM, "a\\b": "" },
    argv: ["--files=a*", "--targets=linux/amd64"],
    says: lines(
      'error: cannot pack "a\\\\b" (it contains a backslash)',
      "  → names inside an archive are relative paths with forward slashes, each used once",
    ),
  },
  {
    name: "a file named as the program",
    tree: { ...PROGRAM, tool: "#!/bin/sh\n" },
    argv: ["--files=tool", "--targets=linux/amd64"],
    says: lines(
      "error: two files in tool_1.2.3_linux_amd64.tar.gz would be named tool",
      "  → give the programs different names with `binary` in `builds`, or change `files`",
    ),
  },
  {
    name: "programs of one name",
    tree: { "go.mod": GO_MOD, "cmd/a/tool/main.go": MAIN, "cmd/b/tool/main.go": MAIN },
    says: lines(
      "error: two files in tool_1.2.3_linux_amd64.tar.gz would be named tool",
      "  → give the programs different names with `binary` in `builds`, or change `files`",
    ),
  },
  {
    name: "one name for several programs",
    tree: { ...COMMANDS, ".go-release.yaml": "builds:\n  - binary: tool\n" },
    says: lines(
      "error: builds: binary tool names a single program, but `main` has 2",
      "  → give each program its own entry in `builds`",
    ),
  },
]);
