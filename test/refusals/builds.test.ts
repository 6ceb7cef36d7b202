import { pathWithGo } from "../support/path.ts";
import { lines, refuses } from "../support/refusal.ts";
import { PROGRAM } from "../support/repository.ts";

refuses("the build", [
  {
    name: "an error of the compiler, the same for every target",
    tree: { ...PROGRAM, "main.go": "package main\n\nfunc main() { answer := 42; missing() }\n" },
    opens: "dist",
    says: "?",
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
    says: "?",
  },
  {
    name: "no Go at all",
    tree: { ...PROGRAM, "main.go": "package main\n\nfunc main( {\n" },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: "?",
  },
  {
    name: "a program that is all cgo",
    tree: { ...PROGRAM, "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n' },
    argv: ["--targets=linux/amd64"],
    says: "?",
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
    says: "?",
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
    says: "?",
  },
  {
    name: "a flag that go does not know",
    argv: ["--targets=linux/amd64", "--flags=-bogus"],
    opens: "dist",
    says: "?",
  },
  {
    name: "a flag that the linker does not know",
    argv: ["--targets=linux/amd64", "--ldflags=-bogus"],
    opens: "dist",
    says: "?",
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
    says: "?",
  },
  {
    name: "a go that builds something else",
    argv: ["--targets=linux/amd64"],
    env: { PATH: pathWithGo('[ "$1" = build ] && export GOAMD64=v3\nexec "$REAL" "$@"') },
    opens: "dist",
    bundled: true,
    says: "?",
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
    says: "?",
  },
]);
