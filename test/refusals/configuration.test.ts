import { lines, refuses } from "../support/refusal.ts";
import { PROGRAM, type Tree } from "../support/repository.ts";

const configured = (text: string): Tree => ({ ...PROGRAM, ".go-release.yaml": text });

refuses("the configuration file", [
  {
    name: "a misspelt key",
    tree: configured("name: tool\ntargts:\n  - linux/amd64\n"),
    status: 2,
    bundled: true,
    says: "?",
  },
  {
    name: "a key that is like no other",
    tree: configured("homepage: https://example.com\n"),
    status: 2,
    says: "?",
  },
  { name: "a key of the wrong case", tree: configured("archiveName: x\n"), status: 2, says: "?" },
  {
    name: "text for a list of texts",
    tree: configured("targets:\n  - [linux, amd64]\n"),
    status: 2,
    says: "?",
  },
  {
    name: "a mapping for a text",
    tree: configured("name:\n  first: tool\n"),
    status: 2,
    says: "?",
  },
  { name: "a list for a switch", tree: configured("draft: [true]\n"), status: 2, says: "?" },
  {
    name: "a nested environment",
    tree: configured("env:\n  CC: { linux: gcc }\n"),
    status: 2,
    says: "?",
  },
  { name: "a token", tree: configured("token: glpat-verysecret\n"), status: 2, says: "?" },
  {
    name: "a key",
    tree: configured("sign-key: |\n  -----BEGIN PRIVATE KEY-----\n  MIGH\n"),
    status: 2,
    says: "?",
  },
  { name: "what belongs to one call", tree: configured("shard: 1/2\n"), status: 2, says: "?" },
  {
    name: "no YAML",
    tree: configured("targets: [linux/amd64\nname: tool\n"),
    status: 2,
    says: "?",
  },
  { name: "the same key twice", tree: configured("name: a\nname: b\n"), status: 2, says: "?" },
  { name: "an alias of nothing", tree: configured("name: *tool\n"), status: 2, says: "?" },
  { name: "a list at the top", tree: configured("- name: tool\n"), status: 2, says: "?" },
  {
    name: "builds that are no list",
    tree: configured("builds:\n  main: ./cmd/a\n"),
    status: 2,
    says: "?",
  },
  {
    name: "a row of builds that is no mapping",
    tree: configured("builds:\n  - ./cmd/a\n"),
    status: 2,
    says: "?",
  },
  {
    name: "a misspelt key in a row",
    tree: configured("builds:\n  - man: ./cmd/a\n"),
    status: 2,
    says: "?",
  },
  {
    name: "a name of a row with a slash",
    tree: configured("builds:\n  - name: a/b\n    main: .\n"),
    status: 2,
    says: "?",
  },
  {
    name: "two rows of one name",
    tree: configured("builds:\n  - main: ./cmd/a\n  - main: ./other/a\n"),
    status: 2,
    says: "?",
  },
  {
    name: "one name for two programs",
    tree: configured("builds:\n  - binary: tool\n    main: [./cmd/a, ./cmd/b]\n"),
    status: 2,
    says: "?",
  },
  {
    name: "an unknown variable in a row",
    tree: configured("builds:\n  - main: .\n    ldflags: -X main.v={vresion}\n"),
    status: 2,
    says: "?",
  },
  {
    name: "every fault in one go, each where it stands",
    tree: configured(
      "nmae: tool\nsign: maybe\nconcurrency: 1.5\nbuilds:\n  - main: .\n    static: never\n",
    ),
    status: 2,
    says: "?",
  },
]);
