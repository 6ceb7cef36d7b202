import { describe, expect, it } from "vitest";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import type { ArchiveStep } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { factsOf, TERMINAL } from "../../support/facts.ts";

const PLATFORMS = ["linux/amd64", "windows/amd64", "darwin/arm64"];

function program(name: string) {
  return [
    { importPath: `example.com/tool/cmd/${name}`, package: `./cmd/${name}`, platforms: PLATFORMS },
  ];
}

function archivesOf(yaml: string): readonly ArchiveStep[] {
  const file = readFile(
    `targets: [${PLATFORMS.join(", ")}]\nbuilds:\n  - {name: server, main: ./cmd/server}\n  - {name: cli, main: ./cmd/cli, targets: [linux/amd64]}\n${yaml}`,
    ".go-release.yaml",
  );
  const config = configure("release", { flags: [], host: [], environment: [], file });
  const files = config.archives.map(() => [
    { source: "LICENSE", name: "LICENSE", executable: false },
    {
      source: "man/x.1",
      name: "x.1",
      to: "share/man/man1/",
      executable: false,
      os: ["linux", "darwin"],
    },
    {
      source: "run.sh",
      name: "run.sh",
      to: "{name}-{os}.sh",
      exact: true,
      executable: true,
      mode: "0700",
    },
  ]);
  const facts = factsOf({ programs: [program("server"), program("cli")], files });
  return plan({ config, facts, surroundings: TERMINAL, generator: "1.0.0" }).archives;
}

describe("kinds of archives", () => {
  it("are one of all programs for each target, unless rows say otherwise", () => {
    expect(archivesOf("").map(({ name, binaries }) => [name, binaries.length])).toEqual([
      ["tool_1.2.3_linux_amd64.tar.gz", 2],
      ["tool_1.2.3_windows_amd64.zip", 1],
      ["tool_1.2.3_darwin_arm64.tar.gz", 1],
    ]);
  });

  it("hold the programs of the builds that they name, for targets that they name", () => {
    const rows =
      "archives:\n  - {builds: [server], name: 'server-{os}', targets: ['linux/*', 'darwin/*']}\n  - {builds: [cli], name: '{binary}-{os}', archive: none}\n";
    expect(archivesOf(rows).map(({ name }) => name)).toEqual([
      "server-linux.tar.gz",
      "server-darwin.tar.gz",
      "cli-linux",
    ]);
  });

  it("may hold files alone", () => {
    const [, meta] = archivesOf(
      "archives:\n  - {name: '{name}-{os}'}\n  - {builds: [], name: '{name}-docs', archive: zip, wrap: docs}\n",
    ).slice(-2);
    expect(meta).toMatchObject({ name: "tool-docs.zip", binaries: [] });
    expect(meta).not.toHaveProperty("target");
    expect(meta?.files.map(({ name }) => name)).toContain("docs/LICENSE");
  });

  it("without a program of this release are refused", () => {
    expect(() => archivesOf("archives:\n  - {builds: [cli], targets: ['plan9/*']}\n")).toThrow(
      "archives[0] contains no program of this release",
    );
  });
});

describe("files in archives", () => {
  it("lie where their rows say, for the systems that they say, with their permissions", () => {
    const [linux, windows] = archivesOf("");
    expect(linux?.files).toEqual([
      { source: "LICENSE", name: "LICENSE", executable: false },
      { source: "man/x.1", name: "share/man/man1/x.1", executable: false },
      { source: "run.sh", name: "tool-linux.sh", executable: true, mode: "0700" },
    ]);
    expect(windows?.files.map(({ name }) => name)).toEqual(["LICENSE", "tool-windows.sh"]);
  });
});
