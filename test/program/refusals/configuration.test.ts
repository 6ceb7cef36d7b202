import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { lines, refuses } from "../../support/refusal.ts";
import { PROGRAM, type Tree } from "../../support/repository.ts";

function configured(text: string): Tree {
  return { ...PROGRAM, ".go-release.yaml": text };
}

refuses("the configuration file", [
  {
    name: "a key twice in a row of builds",
    tree: configured("builds:\n  - main: .\n    main: ./cmd/tool\n"),
    status: 2,
    says: "error: .go-release.yaml:3:5: main: is given twice",
  },
  {
    name: "two documents",
    tree: configured("name: tool\n---\nname: other\n"),
    status: 2,
    says: "error: .go-release.yaml:2:1: must be a single YAML document; remove `---`",
  },
  {
    name: "another extension",
    tree: { ...PROGRAM, ".go-release.yml": "name: tool\n" },
    says: lines(
      "error: .go-release.yml in <folder> is ignored",
      "  → rename it to .go-release.yaml, or set `config` to it",
    ),
  },
  {
    name: "a folder by its name",
    tree: { ...PROGRAM, ".go-release.yaml/a": "" },
    says: lines(
      "error: .go-release.yaml in <folder> is ignored",
      "  → the configuration is a file named .go-release.yaml",
    ),
  },
  {
    name: "a misspelt key",
    tree: configured("name: tool\ntargts:\n  - linux/amd64\n"),
    status: 2,
    bundled: true,
    says: "error: .go-release.yaml:2:1: targts: unknown key; did you mean `targets`?",
  },
  {
    name: "a key that is like no other",
    tree: configured("homepage: https://example.com\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: homepage: unknown key",
  },
  {
    name: "a key of the wrong case",
    tree: configured("archiveName: x\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: archiveName: unknown key; did you mean `archive-name`?",
  },
  {
    name: "text for a list of texts",
    tree: configured("targets:\n  - [linux, amd64]\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:3: targets: must be a list of strings; got [["linux","amd64"]]',
  },
  {
    name: "a mapping for a text",
    tree: configured("name:\n  first: tool\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:3: name: must be a string; got {"first":"tool"}',
  },
  {
    name: "a list for a switch",
    tree: configured("draft: [true]\n"),
    status: 2,
    says: "error: .go-release.yaml:1:8: draft: must be true or false; got [true]",
  },
  {
    name: "a nested environment",
    tree: configured("env:\n  CC: { linux: gcc }\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:3: env: must map names to strings; CC is not one; got {"CC":{"linux":"gcc"}}',
  },
  {
    name: "a token in it",
    tree: configured("token: glpat-verysecret\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: token: is a secret and cannot be given in a file; set it in the environment",
  },
  {
    name: "a key in it",
    tree: configured("sign-key: |\n  -----BEGIN PRIVATE KEY-----\n  MIGH\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: sign-key: cannot be set in a committed file, because it decides what signs; give it as a flag (`--sign-key`), an action or component input or GO_RELEASE_SIGN_KEY",
  },
  {
    name: "what belongs to one call",
    tree: configured("shard: 1/2\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: shard: cannot be set in a committed file, because it decides what this run does; give it as a flag (`--shard`), an action or component input or GO_RELEASE_SHARD",
  },
  {
    name: "where an identity token goes, however it is written",
    tree: configured('"fulcio\\x2durl": https://fulcio.example\n\nrekor-url:\n  none\n'),
    status: 2,
    says: lines(
      "error: .go-release.yaml:1:1: fulcio-url: cannot be set in a committed file, because it decides where a token goes; give it as a flag (`--fulcio-url`), an action or component input or GO_RELEASE_FULCIO_URL",
      ".go-release.yaml:3:1: rekor-url: cannot be set in a committed file, because it decides where a token goes; give it as a flag (`--rekor-url`), an action or component input or GO_RELEASE_REKOR_URL",
    ),
  },
  {
    name: "how a call answers, which is no input of a job either",
    tree: configured("json: true\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: json: cannot be set in a committed file, because it decides what this run does; give it as a flag (`--json`) or GO_RELEASE_JSON",
  },
  {
    name: "a key of the top in a row",
    tree: configured("builds:\n  - main: .\n    archive: zip\n"),
    status: 2,
    says: "error: .go-release.yaml:3:5: archive: cannot be set here; write it at the top of the file",
  },
  {
    name: "a link to elsewhere in its place",
    prepare: ({ folder }) => {
      symlinkSync("/proc/self/environ", join(folder, ".go-release.yaml"));
      return undefined;
    },
    says: lines(
      "error: config: .go-release.yaml points to <environ>, which is outside the repository",
      "  → use a path inside the repository; a path outside it can only be given by a flag or an action or component input",
    ),
  },
  {
    name: "where git and go are found",
    tree: configured("env:\n  Path: bin\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:3: env: Path decides which programs are started: set it in the environment of this program; got {"Path":"bin"}',
  },
  {
    name: "what git is told",
    tree: configured("builds:\n  - main: .\n    env:\n      GIT_EXEC_PATH: bin\n"),
    status: 2,
    says: 'error: .go-release.yaml:4:7: env: GIT_EXEC_PATH decides which programs are started: remove it; got {"GIT_EXEC_PATH":"bin"}',
  },
  {
    name: "no YAML",
    tree: configured("targets: [linux/amd64\nname: tool\n"),
    status: 2,
    says: "error: .go-release.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
  },
  {
    name: "the same key twice",
    tree: configured("name: a\nname: b\n"),
    status: 2,
    says: "error: .go-release.yaml:2:1: name: is given twice",
  },
  {
    name: "an alias of nothing",
    tree: configured("name: *tool\n"),
    status: 2,
    says: "error: .go-release.yaml:1:7: name: Unresolved alias (the anchor must be set before the alias): tool",
  },
  {
    name: "a list at the top",
    tree: configured("- name: tool\n"),
    status: 2,
    says: "error: .go-release.yaml:1:1: must be a mapping of inputs",
  },
  {
    name: "builds that are no list",
    tree: configured("builds:\n  main: ./cmd/a\n"),
    status: 2,
    says: "error: .go-release.yaml:2:3: builds: must be a list",
  },
  {
    name: "a row of builds that is no mapping",
    tree: configured("builds:\n  - ./cmd/a\n"),
    status: 2,
    says: "error: .go-release.yaml:2:5: builds: must be a mapping of inputs",
  },
  {
    name: "a misspelt key in a row",
    tree: configured("builds:\n  - man: ./cmd/a\n"),
    status: 2,
    says: "error: .go-release.yaml:2:5: man: unknown key; did you mean `main`?",
  },
  {
    name: "a name of a row with a slash",
    tree: configured("builds:\n  - name: a/b\n    main: .\n"),
    status: 2,
    says: "error: .go-release.yaml:2:11: name: must be letters, digits, `.`, `_`, `+`, `-`",
  },
  {
    name: "two rows of one name",
    tree: configured("builds:\n  - main: ./cmd/a\n  - main: ./other/a\n"),
    status: 2,
    says: 'error: .go-release.yaml:3:5: name: two builds have the same name; got "a"; give each a `name`',
  },
  {
    name: "one name for two programs",
    tree: configured("builds:\n  - binary: tool\n    main: [./cmd/a, ./cmd/b]\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:5: binary: names a single program, but `main` has several; got "tool"',
  },
  {
    name: "a variable of the compiler whose name is none",
    tree: configured("env:\n  A B: c\n"),
    status: 2,
    says: 'error: .go-release.yaml:2:3: env: must map names to strings; A B is not one; got {"A B":"c"}',
  },
  {
    name: "an unknown variable in a row",
    tree: configured("builds:\n  - main: .\n    ldflags: -X main.v={vresion}\n"),
    status: 2,
    says: "error: .go-release.yaml:3:14: ldflags: unknown variable; got {vresion}; did you mean `version`?",
  },
  {
    name: "every fault in one go, each where it stands",
    tree: configured(
      "nmae: tool\nsign: maybe\nconcurrency: 1.5\nbuilds:\n  - main: .\n    static: never\n",
    ),
    status: 2,
    says: lines(
      "error: .go-release.yaml:1:1: nmae: unknown key; did you mean `name`?",
      '.go-release.yaml:2:7: sign: must be one of auto, keyless, key, none; got "maybe"',
      ".go-release.yaml:3:14: concurrency: must be a whole number from 1 to 1024; got 1.5",
      '.go-release.yaml:6:13: static: must be one of auto, required, report; got "never"',
    ),
  },
]);
