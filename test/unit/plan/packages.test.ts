import { describe, expect, it } from "vitest";
import { configure } from "../../../src/config/config.ts";
import { readFile } from "../../../src/config/file.ts";
import type { PackageFacts } from "../../../src/facts/facts.ts";
import { type Plan, Plan as SomePlan } from "../../../src/model/plan.ts";
import { architectureOf, packageVersion } from "../../../src/plan/package-names.ts";
import { plan } from "../../../src/plan/plan.ts";
import { releasedNames } from "../../../src/plan/released-names.ts";
import { factsOf, gitWith, TERMINAL } from "../../support/facts.ts";

function planned(yaml: string, packages: readonly PackageFacts[] = [], tag = "v1.2.3"): Plan {
  const file = readFile(
    `targets: [linux/amd64, linux/arm/6, darwin/arm64]\n${yaml}`,
    ".go-release.yaml",
  );
  const config = configure("release", { flags: [], host: [], environment: [], file });
  const files = ["LICENSE", "README.md", "man/man1/tool.1", "completions/_tool"].map((name) => ({
    source: name,
    name,
    executable: false,
  }));
  const facts = factsOf({ files: [files], packages, git: gitWith([tag]) });
  return plan({ config, facts, surroundings: TERMINAL, generator: "1.0.0" });
}

const NONE: PackageFacts = { files: [], systemd: [], scripts: {} };

describe("packages", () => {
  it("are none where nobody asks for them", () => {
    expect(planned("")).not.toHaveProperty("packages");
    expect(planned("")).not.toHaveProperty("tools");
  });

  it("are one of each format for each Linux target, named as the distribution does", () => {
    const made = planned("packages: [deb, rpm, apk, archlinux]\n");
    const names = made.packages?.map(({ name }) => name);
    expect(names).toEqual([
      "tool_1.2.3-1_amd64.deb",
      "tool_1.2.3-1_armhf.deb",
      "tool-1.2.3-1.x86_64.rpm",
      "tool-1.2.3-1.armv6hl.rpm",
      "tool-1.2.3-r0.x86_64.apk",
      "tool-1.2.3-r0.armhf.apk",
      "tool-1.2.3-1-x86_64.pkg.tar.zst",
      "tool-1.2.3-1-armv6h.pkg.tar.zst",
    ]);
    expect(releasedNames(made)).toEqual(expect.arrayContaining(names ?? []));
    expect(made.tools?.map(({ path }) => path)).toEqual(["github.com/goreleaser/nfpm/v2"]);
  });

  it("are spelled by the `names` of their row, over those of all files", () => {
    const yaml =
      "names: {amd64: x86_64, linux: Linux}\npackages:\n  - {formats: [deb], file-name: '{binary}-{commit|first:4}_{os}_{arch}', names: {amd64: x64, arm/6: hf}}\n";
    expect(planned(yaml).packages?.map(({ name }) => name)).toEqual([
      "tool-0123_Linux_x64.deb",
      "tool-0123_Linux_hf.deb",
    ]);
  });

  it("have the program, licence, documentation, manual and completions where they belong", () => {
    const made = planned("packages: [deb, rpm]\n").packages ?? [];
    const [deb, , rpm] = made;
    expect(deb?.programs).toEqual([
      {
        archive: "tool_1.2.3_linux_amd64.tar.gz",
        build: "linux/amd64",
        name: "tool",
        path: "tool",
        to: "/usr/bin/tool",
      },
    ]);
    expect(deb?.files.map(({ to, type }) => [to, type])).toEqual([
      ["/usr/share/doc/tool/copyright", "doc"],
      ["/usr/share/doc/tool/README.md", "doc"],
      ["/usr/share/man/man1/tool.1.gz", "doc"],
      ["/usr/share/zsh/vendor-completions/_tool", "file"],
    ]);
    expect(rpm?.files[0]?.to).toBe("/usr/share/licenses/tool/LICENSE");
    expect(rpm?.files[3]?.to).toBe("/usr/share/zsh/site-functions/_tool");
  });

  it("place what their rows place nowhere else", () => {
    const yaml =
      "packages:\n  - formats: deb\n    files: [{from: completions/_tool, to: /usr/local/share/zsh/site-functions/_tool}]\n";
    const file = { source: "completions/_tool", name: "_tool", executable: false, exact: true };
    const [deb] = planned(yaml, [{ ...NONE, files: [[file]] }]).packages ?? [];
    const places = deb?.files.map(({ to }) => to).filter((to) => to.includes("zsh"));
    expect(places).toEqual(["/usr/local/share/zsh/site-functions/_tool"]);
  });

  it("place files, folders, links and units as their rows say", () => {
    const yaml =
      "packages:\n  - formats: deb\n    files:\n      - {from: etc/tool.yaml, to: /etc/tool/, type: config, owner: tool, mode: '0640'}\n      - {to: /var/lib/tool/, type: dir}\n      - {from: tool, to: /usr/bin/t, type: symlink}\n    systemd: etc/tool.service\n";
    const file = { source: "etc/tool.yaml", name: "tool.yaml", executable: false };
    const facts = { ...NONE, files: [[file], [], []], systemd: ["etc/tool.service"] };
    const [deb] = planned(yaml, [facts]).packages ?? [];
    expect(deb?.files.slice(4)).toEqual([
      {
        source: "etc/tool.yaml",
        to: "/etc/tool/tool.yaml",
        type: "config",
        mode: "0640",
        owner: "tool",
        group: "root",
      },
      { to: "/var/lib/tool", type: "dir", mode: "0755", owner: "root", group: "root" },
      {
        link: "tool",
        to: "/usr/bin/t",
        type: "symlink",
        mode: "0777",
        owner: "root",
        group: "root",
      },
      {
        source: "etc/tool.service",
        to: "/usr/lib/systemd/system/tool.service",
        type: "file",
        mode: "0644",
        owner: "root",
        group: "root",
      },
    ]);
  });

  it.each([
    [
      "a place twice",
      "files: [{from: /x, to: /usr/bin/tool, type: symlink}]",
      /installed at \/usr\/bin\/tool/u,
    ],
    [
      "a relation of another format",
      "depends: ['glibc >= 2']",
      /deb does not understand "glibc >= 2"/u,
    ],
    ["no target", "targets: [freebsd/*]", /no program for Linux/u],
  ])("are refused for %s", (_, key, says) => {
    expect(() => planned(`packages:\n  - formats: deb\n    ${key}\n`)).toThrow(says);
  });

  it("are refused for a name that no package can have", () => {
    expect(() => planned("name: x\npackages: deb\n")).toThrow(/no package can be named "x"/u);
    expect(() => planned("packages: [snap]\n")).toThrow(/must be of deb, rpm, apk, archlinux/u);
  });

  it("are told in the same words by who reads the plan", () => {
    const made = planned("packages: [deb, rpm]\nmetadata: {license: MIT, vendor: Tool}\n");
    const read = SomePlan.parse(JSON.parse(JSON.stringify(made)));
    expect(JSON.stringify(read.packages)).toBe(JSON.stringify(made.packages));
    expect(JSON.stringify(read.extraFiles)).toBe(JSON.stringify(made.extraFiles));
  });

  it("tell that nobody is named", () => {
    const told = (yaml: string) =>
      planned(yaml).notices.filter((notice) => notice.includes("maintainer"));
    expect(told("packages: deb\n")).toHaveLength(1);
    expect(told("packages: deb\nmetadata: {maintainer: 'Tool <tool@example.com>'}\n")).toEqual([]);
  });
});

describe("versions", () => {
  it.each([
    ["1.2.3", "1.2.3-1", "1.2.3-1", "1.2.3-r0", "1.2.3-1"],
    ["1.2.3-rc.1", "1.2.3~rc.1-1", "1.2.3~rc.1-1", "1.2.3_rc1-r0", "1.2.3rc.1-1"],
    [
      "1.2.3-0.20260131",
      "1.2.3~0.20260131-1",
      "1.2.3~0.20260131-1",
      "1.2.3_pre0-r0",
      "1.2.3pre0.20260131-1",
    ],
    ["1.2.3+b-7", "1.2.3+b.7-1", "1.2.3+b.7-1", "1.2.3-r0", "1.2.3+b.7-1"],
  ])("%s is sorted by every package manager", (version, ...expected) => {
    const written = (["deb", "rpm", "apk", "archlinux"] as const).map((format) => {
      const { version: own, release } = packageVersion(format, version);
      return `${own}-${format === "apk" ? "r" : ""}${release}`;
    });
    expect(written).toEqual(expected);
  });
});

describe("architectures", () => {
  it.each([
    ["arm", undefined, "armhf", "armv7hl", "armv7", "armv7h"],
    ["arm", "5", "armel", "armv5tel", undefined, "arm"],
    ["arm", "6+softfloat", "armel", "armv5tel", undefined, "arm"],
    ["386", undefined, "i386", "i386", "x86", "i686"],
    ["ppc64le", undefined, "ppc64el", "ppc64le", "ppc64le", undefined],
  ])("of %s at level %s have the formats' own words", (arch, level, ...expected) => {
    const target = level === undefined ? { os: "linux", arch } : { os: "linux", arch, level };
    const words = (["deb", "rpm", "apk", "archlinux"] as const).map((format) =>
      architectureOf(format, target),
    );
    expect(words).toEqual(expected);
  });
});
