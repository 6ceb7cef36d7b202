import { lines, refuses } from "../support/refusal.ts";
import { COMMANDS, GO_MOD, LIBRARY, MAIN, PROGRAM } from "../support/repository.ts";

refuses("the module and its programs", [
  { name: "no go.mod", tree: { "main.go": MAIN }, bundled: true, says: "?" },
  {
    name: "a folder inside the module",
    tree: COMMANDS,
    argv: ["--working-directory=cmd/client"],
    says: "?",
  },
  { name: "a library", tree: { "go.mod": GO_MOD, "tool.go": LIBRARY }, says: "?" },
  {
    name: "programs that are not released by default",
    tree: { "go.mod": GO_MOD, "tool.go": LIBRARY, "internal/gen/main.go": MAIN },
    says: "?",
  },
  { name: "a named package that is not there", argv: ["--main=./cmd/tool"], says: "?" },
  { name: "a named package without a dot", tree: COMMANDS, argv: ["--main=cmd/cleint"], says: "?" },
  { name: "a named library", tree: COMMANDS, argv: ["--main=."], says: "?" },
  { name: "a named package outside the module", argv: ["--main=../other"], says: "?" },
  { name: "a named package of the network", argv: ["--main=https://example.com/x"], says: "?" },
  {
    name: "a named program for another platform",
    tree: { ...COMMANDS, "cmd/service/main_windows.go": MAIN },
    argv: ["--main=./cmd/service", "--targets=linux/amd64"],
    says: "?",
  },
  {
    name: "a broken go.mod",
    tree: { ...PROGRAM, "go.mod": "modul example.com/tool\n" },
    says: "?",
  },
  { name: "an empty go.mod", tree: { ...PROGRAM, "go.mod": "" }, says: "?" },
  {
    name: "a Go that is too old",
    tree: { ...PROGRAM, "go.mod": "module example.com/tool\n\ngo 1.99\n" },
    env: { GOTOOLCHAIN: "local" },
    says: "?",
  },
  {
    name: "a Go that cannot be had",
    tree: { ...PROGRAM, "go.mod": "module example.com/tool\n\ngo 1.99.0\n" },
    env: { GOPROXY: "off" },
    says: "?",
  },
  {
    name: "a wanted Go that cannot be had",
    argv: ["--go-version=1.25.99"],
    env: { GOPROXY: "off" },
    says: "?",
  },
  {
    name: "a module that nothing requires",
    tree: {
      ...PROGRAM,
      "main.go": 'package main\n\nimport _ "golang.org/x/text/width"\n\nfunc main() {}\n',
    },
    argv: ["--targets=linux/amd64"],
    opens: "dist",
    says: "?",
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
    says: "?",
  },
  {
    name: "a module that cannot be had",
    tree: { ...PROGRAM, "go.mod": `${GO_MOD}\nrequire example.com/missing v1.0.0\n` },
    env: { GOPROXY: "off", GOFLAGS: "-mod=mod" },
    opens: "dist",
    says: "?",
  },
  {
    name: "a vendor folder that does not fit go.mod",
    tree: {
      ...PROGRAM,
      "go.mod": `${GO_MOD}\nrequire golang.org/x/text v0.14.0\n`,
      "vendor/modules.txt": "# golang.org/x/text v0.13.0\n## explicit\n",
    },
    says: "?",
  },
]);

refuses("targets and names", [
  { name: "an unknown system", argv: ["--targets=linus/amd64"], says: "?" },
  { name: "an unknown architecture", argv: ["--targets=darwin/386"], says: "?" },
  { name: "a target that is none", argv: ["--targets=linux"], says: "?" },
  { name: "an unknown level", argv: ["--targets=linux/amd64/v9"], says: "?" },
  { name: "a level where there are none", argv: ["--targets=linux/s390x/z13"], says: "?" },
  { name: "several faults of targets", argv: ["--targets=linux/arm/9,plan10/amd64"], says: "?" },
  { name: "exclusions of everything", argv: ["--targets=linux/amd64,!linux/*"], says: "?" },
  { name: "archives of one name", argv: ["--archive-name={name}"], says: "?" },
  {
    name: "an archive named as the checksums",
    argv: ["--archive=none", "--targets=linux/amd64", "--archive-name=checksums.txt"],
    says: "?",
  },
  {
    name: "an archive in another folder",
    argv: ["--archive-name=../{name}_{os}_{arch}"],
    says: "?",
  },
  { name: "a hidden archive", argv: ["--archive-name=.{name}_{os}_{arch}"], says: "?" },
  {
    name: "a file named as the program",
    tree: { ...PROGRAM, tool: "#!/bin/sh\n" },
    argv: ["--files=tool", "--targets=linux/amd64"],
    says: "?",
  },
  {
    name: "programs of one name",
    tree: { "go.mod": GO_MOD, "cmd/a/tool/main.go": MAIN, "cmd/b/tool/main.go": MAIN },
    says: "?",
  },
  {
    name: "one name for several programs",
    tree: { ...COMMANDS, ".go-release.yaml": "builds:\n  - binary: tool\n" },
    says: "?",
  },
]);
