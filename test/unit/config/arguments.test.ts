import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../src/config/arguments.ts";
import { configure } from "../../../src/config/config.ts";
import { fromEnvironment, fromHost } from "../../../src/config/environment.ts";
import { noFile, readFile } from "../../../src/config/file.ts";
import { inputs } from "../../../src/config/inputs.ts";
import { splitWords } from "../../../src/config/shell-words.ts";
import { help } from "../../../src/report/help.ts";

const none = { flags: [], host: [], environment: [], file: noFile };

/** The settings that flags alone give. */
function settingsOf(...argv: readonly string[]) {
  return configure("release", { ...none, flags: parseArguments(argv).given }).settings;
}

describe("the command line", () => {
  it.each([
    [["--name=tool"], "name", "tool"],
    [["--name", "tool"], "name", "tool"],
    [["--name", "a=b", "--name=tool"], "name", "tool"],
    [["--name", "output"], "name", "output"],
    [["--ldflags", "-s"], "ldflags", ["-s"]],
    [["--archive-name=a=b"], "archiveName", "a=b"],
    [["--archive-name="], "archiveName", ""],
    [["--draft"], "draft", true],
    [["--draft", "false"], "draft", false],
    [["--draft=true"], "draft", true],
    [["--no-draft"], "draft", false],
    [["--no-provenance"], "provenance", false],
    [["--dry-run"], "dryRun", "true"],
    [["--no-dry-run"], "dryRun", "false"],
    [["--dry-run", "auto"], "dryRun", "auto"],
    [["--targets=linux/amd64,linux/arm64"], "targets", ["linux/amd64", "linux/arm64"]],
    [["--targets", "linux/amd64", "--targets=darwin/*"], "targets", ["linux/amd64", "darwin/*"]],
    [
      ["--targets=linux/{amd64,arm64},windows/386"],
      "targets",
      ["linux/{amd64,arm64}", "windows/386"],
    ],
    [["--tags=a\nb\n"], "tags", ["a", "b"]],
    [["--tags=# both\na, b # or not\n#c, d\n"], "tags", ["a", "b"]],
    [["--main=./C #"], "main", ["./C #"]],
    [["--env=# fast\nA=#1"], "env", { A: "#1" }],
    [["--latest=TRUE"], "latest", "true"],
    [["--tags=a,b c"], "tags", ["a", "b", "c"]],
    [["--ldflags=-s -X 'main.v=a b'"], "ldflags", ["-s", "-X", "main.v=a b"]],
    [["--flags=-race", "--flags=-v"], "flags", ["-race", "-v"]],
    [["--env=A=1", "--env=B=x=y"], "env", { A: "1", B: "x=y" }],
    [["--concurrency=4"], "concurrency", 4],
    [["--concurrency=auto"], "concurrency", undefined],
    [["--prerelease"], "prerelease", "true"],
    [["--go-version=1.26.8"], "goVersion", "1.26.8"],
  ] as const)("%j sets %s to %j", (argv, name, value) => {
    const { [name]: found } = settingsOf(...argv) as Record<string, unknown>;
    expect(found).toEqual(value);
  });

  it("names a command and what it looks at", () => {
    expect(parseArguments(["verify", "v1.2.3", "--json"])).toMatchObject({
      command: "verify",
      operand: "v1.2.3",
    });
    expect(parseArguments(["--json", "plan"])).toMatchObject({ command: "plan" });
    expect(parseArguments([]).command).toBeUndefined();
  });

  it("has help for every command and input", () => {
    const all = (["release", "plan", "build", "publish", "verify", "check", "init"] as const)
      .map((command) => help(command))
      .join("\n");
    for (const [name, { kind }] of Object.entries(inputs)) {
      const flag = `--${name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)} `;
      expect(all.includes(flag), name).toBe(kind !== "secret" && kind !== "rows");
    }
  });
});

describe("words", () => {
  it.each([
    ["", []],
    ["  a   b\tc\n", ["a", "b", "c"]],
    ["'a b' \"c d\"", ["a b", "c d"]],
    ["a'b'c", ["abc"]],
    ["''", [""]],
    ["a\\ b", ["a b"]],
    ['"a\\"b" \'a\\b\'', ['a"b', "a\\b"]],
    ['"a\\nb"', ["a\\nb"]],
    ["$HOME `ls` $(ls)", ["$HOME", "`ls`", "$(ls)"]],
  ])("%j are %j", (line, value) => {
    expect(splitWords(line)).toEqual({ value });
  });
});

describe("what counts", () => {
  const file = readFile("name: file\ntargets: [linux/amd64]\nenv:\n  A: 1\n", ".go-release.yaml");
  const environment = fromEnvironment({
    GO_RELEASE_NAME: "environment",
    GO_RELEASE_TAG: " ",
  }).given;
  const host = fromHost({ name: "host", tag: "" }).given;
  const flags = parseArguments(["--name=flag"]).given;

  it.each([
    [{ ...none }, undefined],
    [{ ...none, file }, "file"],
    [{ ...none, file, environment }, "environment"],
    [{ ...none, file, environment, host }, "host"],
    [{ ...none, file, environment, host, flags }, "flag"],
  ])("is the nearest: %#", (sources, name) => {
    expect(configure("release", sources).settings).toMatchObject({ name, tag: undefined });
  });

  it("is not a name that is only near an input", () => {
    expect(fromEnvironment({ GO_RELEASE_TARGET: "x" }).warnings).toEqual([
      "unknown variable GO_RELEASE_TARGET; did you mean `GO_RELEASE_TARGETS`?",
    ]);
    expect(fromHost({ homepage: "x" }).warnings).toEqual([
      "unknown input `homepage`; it is ignored",
    ]);
  });

  it("is never shown when it is secret", () => {
    const { given } = fromEnvironment({
      GO_RELEASE_TOKEN: "hidden",
      GO_RELEASE_SIGN_KEY: "hidden",
    });
    const config = configure("release", { ...none, environment: given });
    expect(config.settings.token?.reveal()).toBe("hidden");
    expect(JSON.stringify([config.settings.token, config.parameters])).not.toContain("hidden");
    expect(String(config.settings.token)).toBe("***");
  });
});

describe("the configuration file", () => {
  const buildsOf = (text: string) =>
    configure("release", { ...none, file: readFile(text, ".go-release.yaml") }).builds;

  it("keeps what looks like a number as it was written", () => {
    const text =
      "title: 1.10\nmilestones: [1.0, 2]\nflags: [-pkgdir, 4]\nenv:\n  A: 1.20\nconcurrency: 3\n";
    const file = readFile(text, ".go-release.yaml");
    expect(configure("release", { ...none, file }).settings).toMatchObject({
      title: "1.10",
      milestones: ["1.0", "2"],
      flags: ["-pkgdir", "4"],
      env: { A: "1.20" },
      concurrency: 3,
    });
  });

  it("may say nothing", () => {
    expect(readFile("", "f")).toEqual(noFile);
    expect(readFile("# nothing\n", "f")).toEqual(noFile);
  });

  it("has rows of builds that begin with the top level", () => {
    const rows = buildsOf(`
targets: [linux/amd64]
env: { CGO_ENABLED: 0, A: top }
builds:
  - main: ./cmd/server
  - name: tiny
    main: ./cmd/client
    binary: c
    targets: js/wasm
    env: { A: own }
    tags: [tiny]
`);
    expect(rows).toMatchObject([
      { name: "server", settings: { main: ["./cmd/server"], targets: ["linux/amd64"], tags: [] } },
      { name: "tiny", binary: "c", settings: { targets: ["js/wasm"], tags: ["tiny"] } },
    ]);
    expect(rows[1]?.settings.env).toEqual({ CGO_ENABLED: "0", A: "own" });
  });

  it("may use anchors", () => {
    expect(
      buildsOf("builds:\n  - &a\n    main: ./a\n    tags: &t [x]\n  - main: ./b\n    tags: *t\n"),
    ).toMatchObject([{ settings: { tags: ["x"] } }, { settings: { tags: ["x"] } }]);
  });
});
