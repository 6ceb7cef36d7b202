import { pathWithGo } from "../../support/path.ts";
import { lines, refuses } from "../../support/refusal.ts";
import { GO_MOD, PROGRAM } from "../../support/repository.ts";

refuses("the build", [
  {
    name: "an error of the compiler, the same for every target",
    tree: { ...PROGRAM, "main.go": "package main\n\nfunc main() { answer := 42; missing() }\n" },
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:3:15: declared and not used: answer",
      "  main.go:3:29: undefined: missing",
      "  → fix what the compiler reports and tag again",
    ),
  },
  {
    name: "more errors than fit",
    tree: {
      ...PROGRAM,
      "main.go": `package main\n\nfunc main() {\n${"\tmissing()\n".repeat(20)}}\n`,
    },
    argv: ["--targets=linux/amd64", "--flags=-gcflags=-e"],
    opens: "dist",
    bundled: true,
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:4:2: undefined: missing",
      "  main.go:5:2: undefined: missing",
      "  main.go:6:2: undefined: missing",
      "  main.go:7:2: undefined: missing",
      "  main.go:8:2: undefined: missing",
      "  main.go:9:2: undefined: missing",
      "  main.go:10:2: undefined: missing",
      "  main.go:11:2: undefined: missing",
      "  main.go:12:2: undefined: missing",
      "  main.go:13:2: undefined: missing",
      "  and 10 more lines",
      "  → fix what the compiler reports and tag again",
    ),
  },
  {
    name: "no Go at all",
    tree: { ...PROGRAM, "main.go": "package main\n\nfunc main( {\n" },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:3:12: syntax error: unexpected {, expected )",
      "  → fix what the compiler reports and tag again",
    ),
  },
  {
    name: "a program that is all cgo",
    tree: { ...PROGRAM, "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n' },
    argv: ["--targets=linux/amd64"],
    says: lines(
      "error: module example.com/tool has no program: no package is named main",
      "  → a library is released by its tag alone; for a program in a nested module set `working-directory`, for one that imports C set `env: CGO_ENABLED=1`",
    ),
  },
  {
    name: "a package that is all cgo",
    tree: {
      ...PROGRAM,
      "main.go":
        'package main\n\nimport "example.com/tool/sound"\n\nfunc main() { sound.Play() }\n',
      "sound/sound.go": 'package sound\n\nimport "C"\n\nfunc Play() {}\n',
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  package example.com/tool",
      "  \timports example.com/tool/sound: build constraints exclude all Go files in <folder>/sound",
      "  → example.com/tool/sound needs cgo: set `env: CGO_ENABLED=1` with a C compiler for each target, or use a pure Go package",
    ),
  },
  {
    name: "a package of which cgo is a part",
    tree: {
      ...PROGRAM,
      "main.go":
        'package main\n\nimport "example.com/tool/sound"\n\nfunc main() { sound.Play() }\n',
      "sound/doc.go": "package sound\n",
      "sound/sound.go": 'package sound\n\nimport "C"\n\nfunc Play() {}\n',
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:5:21: undefined: sound.Play",
      "  → example.com/tool/sound needs cgo: set `env: CGO_ENABLED=1` with a C compiler for each target, or use a pure Go package",
    ),
  },
  {
    name: "a flag that go does not know",
    argv: ["--targets=linux/amd64", "--flags=-bogus"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 2)",
      "  flag provided but not defined: -bogus",
      "  → fix `flags` or `ldflags`",
    ),
  },
  {
    name: "a go that builds nothing",
    argv: ["--targets=linux/amd64"],
    env: { PATH: pathWithGo('[ "$1" = build ] && exit 0\nexec "$REAL" "$@"') },
    opens: "dist",
    bundled: true,
    says: lines(
      "error: go build did not write tool for linux/amd64",
      "  → check whether `go` on PATH is a wrapper, and remove flags that keep it from writing the program",
    ),
  },
  {
    name: "a flag with which nothing is built",
    argv: ["--flags=-n"],
    status: 2,
    says: 'error: --flags: -n builds nothing; got "-n"; use the command `plan` to see what would be done',
  },
  {
    name: "a flag that moves go into another folder",
    argv: ["--flags=-C cmd/tool"],
    status: 2,
    says: 'error: --flags: -C is set by this program; got "-C cmd/tool"; name the module\'s folder with `working-directory`',
  },
  {
    name: "-mod=vendor without a vendor folder",
    argv: ["--flags=-mod=vendor"],
    says: lines(
      "error: flags: -mod=vendor, but there is no vendor/modules.txt",
      "  → run `go mod vendor` and commit the vendor folder, or remove the flag",
    ),
  },
  {
    name: "a flag that the linker does not know",
    argv: ["--targets=linux/amd64", "--ldflags=-bogus"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  flag provided but not defined: -bogus",
      "  → fix `flags` or `ldflags`",
    ),
  },
  {
    name: "a vendor folder of which a part is missing",
    tree: {
      ...PROGRAM,
      "go.mod": `${GO_MOD}\nrequire golang.org/x/text v0.14.0\n`,
      "main.go": 'package main\n\nimport _ "golang.org/x/text/width"\n\nfunc main() {}\n',
      "vendor/modules.txt":
        "# golang.org/x/text v0.14.0\n## explicit; go 1.18\ngolang.org/x/text/width\n",
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  main.go:3:8: cannot find module providing package golang.org/x/text/width: import lookup disabled by -mod=vendor",
      "  → run `go mod vendor` and commit the whole vendor folder; a .gitignore may exclude a part of it",
    ),
  },
  {
    name: "no place for Go's cache",
    argv: ["--targets=linux/amd64"],
    env: { GOCACHE: "off" },
    says: lines(
      "error: GOCACHE is off, but Go cannot compile without its cache",
      "  → unset GOCACHE, or set it to a folder that this user can write to",
    ),
  },
  {
    name: "a program that is not static",
    tree: {
      ...PROGRAM,
      "main.go":
        'package main\n\nimport "net"\n\nfunc main() { _, _ = net.LookupHost("localhost") }\n',
    },
    argv: ["--targets=linux/amd64", "--env=CGO_ENABLED=1", "--static=required"],
    opens: "dist",
    says: lines(
      "error: tool for linux/amd64 is dynamically linked: interpreter /lib64/ld-linux-x86-64.so.2, libc.so.6 (inspect linux/amd64 tool)",
      "  → set `CGO_ENABLED=0`, add `-linkmode external -extldflags -static` to `ldflags`, or set `static: report` to release it as it is",
    ),
  },
  {
    name: "a go that builds something else",
    argv: ["--targets=linux/amd64"],
    env: { PATH: pathWithGo('[ "$1" = build ] && export GOAMD64=v3\nexec "$REAL" "$@"') },
    opens: "dist",
    bundled: true,
    says: lines(
      "error: tool for linux/amd64 was built with GOAMD64=v3, not v1 (inspect linux/amd64 tool)",
      "  → remove what changes the build outside the plan: another `go` or a wrapper on PATH, or another build of the same file",
    ),
  },
  {
    name: "a compiler that is killed again and again",
    argv: ["--targets=linux/amd64"],
    env: {
      PATH: pathWithGo(
        '[ "$1" = build ] && echo "example.com/tool: $REAL: signal: killed" >&2 && exit 1\nexec "$REAL" "$@"',
      ),
    },
    opens: "dist",
    bundled: true,
    says: lines(
      "error: go build failed for <target> (exit status 1)",
      "  example.com/tool: /usr/local/go/bin/go: signal: killed",
      "  → the machine ran out of memory: lower `concurrency`, or use a larger machine",
    ),
  },
]);
