import { describe, expect, it } from "vitest";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import { installScript } from "../../../src/installers/installer.ts";
import { type Plan, Plan as SomePlan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { releasedNames } from "../../../src/plan/released-names.ts";
import { factsOf, gitWith, PLATFORMS, TERMINAL } from "../../support/facts.ts";

function planned(yaml = "", remote = "https://github.com/octo/hello", tag = "v1.2.3"): Plan {
  const file = readFile(`installer: true\n${yaml}`, ".go-release.yaml");
  const config = configure("release", { flags: [], host: [], environment: [], file });
  const git = gitWith([tag], remote === "" ? {} : { remote });
  return plan({
    config,
    facts: factsOf({
      git,
      programs: [[{ importPath: "example.com/tool", package: ".", platforms: PLATFORMS }]],
    }),
    surroundings: TERMINAL,
    generator: "1.0.0",
  });
}

/** `FILE: MACHINES` of a script's downloads. */
function choices(made: Plan, name = "install.sh"): readonly string[] {
  const downloads = made.installer?.scripts.find((script) => script.name === name)?.downloads ?? [];
  return downloads.map(({ file, machines }) => `${file}: ${machines.join(" ")}`);
}

function scriptOf({ installer }: Plan, name: "install.sh" | "install.ps1"): string {
  if (installer === undefined) return "";
  const files = installer.scripts.flatMap(({ downloads }) => downloads.map(({ file }) => file));
  return installScript(name, installer, new Map(files.map((file) => [file, "0".repeat(64)])));
}

describe("install scripts", () => {
  it("are released where they are asked for, one for each family of systems", () => {
    const made = planned();
    expect(releasedNames(made)).toEqual(expect.arrayContaining(["install.sh", "install.ps1"]));
    expect(choices(made)).toEqual([
      "tool_1.2.3_linux_amd64.tar.gz: linux/amd64",
      "tool_1.2.3_linux_arm64.tar.gz: linux/arm64",
      "tool_1.2.3_darwin_amd64.tar.gz: darwin/amd64",
      "tool_1.2.3_darwin_arm64.tar.gz: darwin/arm64",
    ]);
    expect(choices(made, "install.ps1")).toEqual([
      "tool_1.2.3_windows_amd64.zip: windows/amd64",
      "tool_1.2.3_windows_arm64.zip: windows/arm64",
    ]);
    expect(SomePlan.parse(JSON.parse(JSON.stringify(made))).installer).toEqual(made.installer);
    const unix = planned("targets: linux/amd64\n").installer?.scripts.map(({ name }) => name);
    expect(unix).toEqual(["install.sh"]);
  });

  it.each([
    [
      "levels",
      "targets: [linux/amd64, linux/amd64/v3, linux/arm/6, linux/arm/7, linux/arm64/v8.2]\n",
      [
        "tool_1.2.3_linux_amd64.tar.gz: linux/amd64",
        "tool_1.2.3_linux_amd64v3.tar.gz: linux/amd64/v3",
        "tool_1.2.3_linux_armv6.tar.gz: linux/arm/6",
        "tool_1.2.3_linux_armv7.tar.gz: linux/arm/7",
      ],
    ],
    [
      "C libraries, where names tell them",
      `targets: linux/amd64
archives: [{ name: "t_{os}_{arch}" }, { name: "t_{os}_{arch}_musl" }]
`,
      ["t_linux_amd64.tar.gz: linux/amd64", "t_linux_amd64_musl.tar.gz: linux/amd64+musl"],
    ],
    [
      "musl alone, which is for everybody",
      `targets: linux/amd64
archive-name: "t_{arch}-linux-musl"
`,
      ["t_amd64-linux-musl.tar.gz: linux/amd64 linux/amd64+musl"],
    ],
    [
      "the format that every system unpacks",
      "targets: linux/amd64\narchive: [zip, tar.zst, tar.gz]\n",
      ["tool_1.2.3_linux_amd64.tar.gz: linux/amd64"],
    ],
    [
      "bare programs",
      "targets: linux/amd64\narchive: none\n",
      ["tool_1.2.3_linux_amd64: linux/amd64"],
    ],
  ])("choose by %s", (_, yaml, expected) => {
    expect(choices(planned(yaml))).toEqual(expected);
  });

  it.each([
    [
      "github",
      "https://github.com/octo/hello",
      "v1.2.3",
      "https://github.com/octo/hello/releases/download/v1.2.3",
      "https://github.com/octo/hello/releases/download/v{version}",
    ],
    [
      "gitlab",
      "https://gitlab.com/group/tool",
      "v1.2.3",
      "https://gitlab.com/group/tool/-/releases/v1.2.3/downloads",
      "https://gitlab.com/group/tool/-/releases/v{version}/downloads",
    ],
  ])("download from %s", (_, remote, tag, url, urlTemplate) => {
    const { installer } = planned("", remote, tag);
    expect(installer).toMatchObject({ url, urlTemplate, checksums: "checksums.txt" });
    expect(installer?.signer).toEqual({
      repository: new URL(remote).pathname.slice(1),
      ref: "refs/tags/v1.2.3",
    });
  });

  it("know no signer of a forge of one's own", () => {
    expect(planned("", "https://github.example.com/octo/hello").installer?.signer).toBeUndefined();
  });

  it.each([
    ["nowhere to download from", "", "", "this release goes to no forge"],
    ["nothing for a machine", "targets: js/wasm\n", undefined, "no archive with a program"],
    [
      "a name that shells divide",
      'archive-name: "my {name} {os} {arch}"\n',
      undefined,
      'cannot install "my tool',
    ],
  ])("are refused with %s", (_, yaml, remote, says) => {
    expect(() => planned(yaml, remote)).toThrow(says);
  });

  it("have no line that differs but by the release", () => {
    const script = scriptOf(planned(), "install.sh");
    expect(script).not.toContain("of the release\n#");
    expect(script.startsWith("#!/bin/sh\n# Installs tool 1.2.3.")).toBe(true);
    expect(script).toContain("--certificate-github-workflow-ref refs/tags/v1.2.3");
    expect(script).toContain("windows=install.ps1\n");
    const gitlab = scriptOf(planned("", "https://gitlab.com/group/tool"), "install.sh");
    expect(gitlab).toContain(
      "--certificate-identity-regexp '^https://gitlab\\.com/group/tool//.+@refs/tags/v1\\.2\\.3$'",
    );
    const powershell = scriptOf(planned(), "install.ps1");
    expect(powershell).toContain(
      `  'windows/amd64' = @{ Name = 'tool_1.2.3_windows_amd64.zip'; Sha256 = '${"0".repeat(64)}'; Format = 'zip'; Programs = @(@{ Path = 'tool.exe'; Name = 'tool.exe' }) }`,
    );
    expect(powershell).not.toContain("begin of the release");
  });
});
