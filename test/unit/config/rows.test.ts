import { describe, expect, it } from "vitest";
import { configure } from "../../../src/config/config.ts";
import type { InvalidConfig } from "../../../src/config/config-error.ts";
import { readFile } from "../../../src/config/file.ts";

function configOfFile(yaml: string) {
  const file = readFile(yaml, ".go-release.yaml");
  return configure("release", { flags: [], host: [], environment: [], file });
}

function refusalOf(yaml: string): string {
  try {
    configOfFile(yaml);
  } catch (error) {
    return (error as InvalidConfig).message;
  }
  return "";
}

describe("rows of files", () => {
  it("may be plain texts, or mappings", () => {
    const { archives } = configOfFile(
      "files:\n  - LICENSE*\n  - {from: man/*.1, to: share/man/, mode: '0644', os: [linux]}\n",
    );
    expect(archives[0]?.files).toEqual([
      { from: "LICENSE*", to: undefined, strip: false, mode: undefined, os: [] },
      { from: "man/*.1", to: "share/man/", strip: false, mode: "0644", os: ["linux"] },
    ]);
  });

  it.each([
    [
      "files:\n  - {form: x}\n",
      ".go-release.yaml:2:12: files[0].form: unknown key; did you mean `from`?",
    ],
    ["files:\n  - {to: x}\n", ".go-release.yaml:2:5: files[0]: needs `from`"],
    [
      "files:\n  - LICENSE\n  - from: a\n    mode: rw\n",
      '.go-release.yaml:4:11: files[1].mode: must be three octal digits, e.g. "0644"; got "rw"',
    ],
    [
      "files:\n  - {from: a, to: 'x/{vesion}/'}\n",
      ".go-release.yaml:2:19: files[0].to: unknown variable; got {vesion}; did you mean `version`?",
    ],
    ["files:\n  - 7\n", ".go-release.yaml:2:5: files[0]: must be a mapping; got 7"],
    ["archives:\n  - 7\n", ".go-release.yaml:2:5: archives[0]: must be a mapping; got 7"],
  ])("%j are refused where they are wrong", (yaml, words) => {
    expect(refusalOf(yaml)).toContain(words);
  });
});

describe("rows of archives", () => {
  const builds =
    "builds:\n  - {name: server, main: ./cmd/server}\n  - {name: cli, main: ./cmd/cli}\n";

  it("have what the whole configuration says where they say nothing", () => {
    const { archives } = configOfFile(
      `${builds}archive-name: '{name}-{os}'\nwrap: '{name}'\narchives:\n  - {builds: [server], name: 'server-{os}'}\n  - {builds: [], files: [docs/**], archive: zip}\n`,
    );
    expect(archives).toMatchObject([
      { builds: ["server"], name: "server-{os}", wrap: "{name}", files: undefined },
      { builds: [], name: "{name}-{os}", wrap: "{name}", formats: { "*": ["zip"] } },
    ]);
  });

  it("name builds that there are", () => {
    expect(refusalOf(`${builds}archives:\n  - {builds: [sever]}\n`)).toContain(
      'archives[0].builds: matches no entry of `builds`; got "sever"; did you mean `server`?',
    );
  });
});

describe("formats of archives", () => {
  it.each([
    ["archive: zip\n", { "*": ["zip"] }],
    ["archive: [tar.gz, zip]\n", { "*": ["tar.gz", "zip"] }],
    ["archive: {windows: zip, '*': [tar.gz, gz]}\n", { windows: ["zip"], "*": ["tar.gz", "gz"] }],
  ])("%j are read", (yaml, formats) => {
    expect(configOfFile(yaml).settings.archive).toEqual(formats);
  });

  it("that there are not are refused", () => {
    expect(refusalOf("archive: rar\n")).toContain("archive: may only contain auto, tar.gz, zip");
  });
});

describe("templates", () => {
  it.each([
    ["archive-name: '{os|caps}'\n", "unknown filter; got {os|caps}"],
    ["title: '{os}'\n", "unknown variable; got {os}"],
    ["archive-name: '{env:A-B}'\n", "unknown variable; got {env:A-B}"],
    ["title: '{commit|first}'\n", "unknown filter; got {commit|first:}"],
    ["title: '{commit|first:all}'\n", "unknown filter; got {commit|first:all}"],
  ])("in %j are refused", (yaml, words) => {
    expect(refusalOf(yaml)).toContain(words);
  });
});
