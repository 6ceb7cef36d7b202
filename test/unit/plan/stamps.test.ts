import { describe, expect, it } from "vitest";
import { type Config, configure } from "../../../src/config/config.ts";
import { noFile } from "../../../src/config/file.ts";
import type { StampedPackage } from "../../../src/facts/facts.ts";
import { declarationsIn } from "../../../src/facts/go-declarations.ts";
import { plan } from "../../../src/plan/plan.ts";
import { configOf, factsOf, PLATFORMS, TERMINAL } from "../../support/facts.ts";

const TOOL = "example.com/tool";

function planned(
  ldflags: string | undefined,
  source: string,
  stamped: readonly StampedPackage[] = [],
) {
  const config = configOf({
    targets: "linux/amd64",
    ...(ldflags === undefined ? {} : { ldflags }),
  });
  return planOf(config, [source], stamped);
}

function planOf(
  config: Config,
  sources: readonly string[],
  stamped: readonly StampedPackage[] = [],
) {
  const programs = sources.map((source, at) => ({
    importPath: at === 0 ? TOOL : `${TOOL}/cmd/${at}`,
    package: at === 0 ? "." : `./cmd/${at}`,
    platforms: PLATFORMS,
    declarations: declarationsIn([`package main\n${source}`]),
  }));
  const facts = factsOf({ programs: [programs], stamped });
  return plan({ config, facts, surroundings: TERMINAL, generator: "1" });
}

describe("a variable that was asked for", () => {
  it.each([
    ["var version string", "main.version", undefined],
    ["var Version string", "main.version", "it is declared as Version there"],
    ['const version = "1"', "main.version", "it is a constant; declare it with `var`"],
    [
      "var version = f()",
      "main.version",
      "its value is computed when the program starts; initialize it with a string literal, or not at all",
    ],
    ["var version int", "main.version", "it is not a string"],
    ["", "main.version", "there is no such variable"],
  ])("%s with -X %s: %s", (source, name, why) => {
    expect(planned(`-s -X ${name}=1`, source).notices).toEqual(
      why === undefined ? [] : [`\`ldflags\` cannot set ${name} of ${TOOL}: ${why}`],
    );
  });

  it("is one of the programs'", () => {
    const config = configOf({
      targets: "linux/amd64",
      main: ".,./cmd/1",
      ldflags: "-X main.version=1",
    });
    expect(planOf(config, ["var version string", ""]).notices).toEqual([]);
    expect(planOf(config, ["", ""]).notices).toEqual([
      `\`ldflags\` cannot set main.version of ${TOOL}, ${TOOL}/cmd/1: there is no such variable`,
    ]);
  });

  it("is of the package main, not of the program's path", () => {
    expect(planned(`-X ${TOOL}.version=1`, "var version string").notices).toEqual([
      `\`ldflags\` cannot set ${TOOL}.version: the linker calls a program's own package main: use main.version`,
    ]);
  });

  const path = "example.com/tool/version";
  const declarations = declarationsIn(['package version\nvar Version = "dev"\nconst Commit = ""']);
  it.each<[string, Partial<StampedPackage>, string | undefined]>([
    ["Version", { state: "found", declarations }, undefined],
    ["version", { state: "found", declarations }, "it is declared as Version there"],
    ["Commit", { state: "found", declarations }, "it is a constant; declare it with `var`"],
    ["Date", { state: "found", declarations }, "there is no such variable"],
    ["Version", { state: "unknown" }, undefined],
    ["Version", { state: "absent" }, "there is no such package"],
    [
      "Version",
      { state: "absent", meant: "example.com/tool/v2/version" },
      "there is no such package; example.com/tool/v2/version is probably meant",
    ],
  ])("%s of a package that is %j: %s", (name, more, why) => {
    const stamped = [{ path, state: "found" as const, declarations: [], ...more }];
    expect(planned(`-X ${path}.${name}=1`, "", stamped).notices).toEqual(
      why === undefined ? [] : [`\`ldflags\` cannot set ${path}.${name}: ${why}`],
    );
  });
});

describe("the variables of the defaults", () => {
  it.each([
    ["var version, commit, date string", ["version", "commit", "date"], undefined],
    ["", ["version", "commit", "date"], undefined],
    [
      "var Commit string",
      ["version", "commit", "date"],
      "main.commit of example.com/tool: it is declared as Commit there",
    ],
    [
      'const version = "1"',
      ["version", "commit", "date"],
      "main.version of example.com/tool: it is a constant",
    ],
    [
      "var date time.Time",
      ["version", "commit"],
      "main.date of example.com/tool: it is not a string",
    ],
    [
      "var version = f()",
      ["commit", "date"],
      "main.version of example.com/tool: its value is computed",
    ],
  ])("where a program has %j are %j", (source, names, told) => {
    const { builds, notices } = planned(undefined, source);
    const set = (builds[0]?.ldflags ?? []).flatMap(
      (word) => /^main\.(\w+)=/u.exec(word)?.[1] ?? [],
    );
    expect(set).toEqual(names);
    if (told === undefined) expect(notices).toEqual([]);
    else expect(notices).toEqual([expect.stringContaining(told)]);
  });

  it("are given ones when somebody writes the same", () => {
    const config = configure("release", {
      flags: [
        { name: "ldflags", raw: "-X main.version={version}", where: "--ldflags", from: "flag" },
      ],
      host: [],
      environment: [],
      file: noFile,
    });
    expect(planOf(config, [""]).notices).toHaveLength(1);
  });
});
