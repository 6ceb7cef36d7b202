import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { shellScript } from "../../../src/installers/shell.ts";
import type { PlannedInstaller } from "../../../src/model/installer.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const SHELLS = ["dash", "busybox sh", "bash", "bash --posix", "mksh"];
const URL = "https://github.com/octo/tool/releases/download/v1.2.3";

/** A release for these machines, each with a file of its own. */
function scriptFor(machines: readonly string[]): string {
  const planned: PlannedInstaller = {
    name: "tool",
    version: "1.2.3",
    forge: "github",
    url: URL,
    urlTemplate: URL.replace("1.2.3", "{version}"),
    checksums: "checksums.txt",
    signer: { repository: "octo/tool", ref: "refs/tags/v1.2.3" },
    scripts: [{ name: "install.ps1", downloads: [] }],
  };
  const downloads = machines.map((machine) => ({
    machines: [machine],
    file: `${machine.replaceAll("/", "_")}.tar.gz`,
    format: "tar.gz" as const,
    programs: [{ path: "tool", name: "tool" }],
    sha256: "0".repeat(64),
  }));
  return shellScript(planned, downloads);
}

const ALL = [
  "linux/amd64",
  "linux/amd64/v2",
  "linux/amd64/v3",
  "linux/amd64+musl",
  "linux/386",
  "linux/arm64",
  "linux/arm64+musl",
  "linux/arm64+glibc",
  "linux/arm/5",
  "linux/arm/6",
  "linux/arm/7",
  "linux/riscv64",
  "linux/loong64",
  "linux/ppc64le",
  "android/arm64",
  "darwin/amd64",
  "darwin/arm64",
  "freebsd/amd64",
  "illumos/amd64",
  "solaris/amd64",
  "aix/ppc64",
];

const V2 = "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3";
const V3 = `${V2} abm avx avx2 bmi1 bmi2 f16c fma movbe`;

interface Machine {
  readonly s: string;
  readonly m: string;
  readonly o?: string;
  readonly cpuinfo?: string;
  readonly ldd?: string;
  readonly translated?: string;
  readonly bits?: string;
}

/** Programs that tell of another machine than this one. */
function pretending({ s, m, o = "GNU/Linux", ...more }: Machine): string {
  const folder = temporaryFolder();
  const put = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${["#!/bin/sh", ...lines].join("\n")}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  writeFileSync(join(folder, "cpuinfo"), more.cpuinfo ?? "");
  put("uname", [`case $1 in -s) echo '${s}' ;; -m) echo '${m}' ;; -o) echo '${o}' ;; esac`]);
  put("ldd", [`echo '${more.ldd ?? "ldd (GNU libc) 2.36"}' >&2; exit 1`]);
  put("sysctl", [more.translated === undefined ? "exit 1" : `echo ${more.translated}`]);
  put("getconf", [`echo ${more.bits ?? "64"}`]);
  put("sed", [
    "for last; do :; done",
    `[ "$last" != /proc/cpuinfo ] || exec /bin/sed "$1" "$2" '${join(folder, "cpuinfo")}'`,
    'exec /bin/sed "$@"',
  ]);
  return folder;
}

/** The file that is chosen there, or what the script says. */
function chosen(shell: string, script: string, machine: Machine): string {
  const home = temporaryFolder();
  mkdirSync(join(home, "bin"));
  const [file = "", ...args] = shell.split(" ");
  const { stdout, stderr } = spawnSync(
    file,
    [...args, "-s", "--", "--dry-run", `--to=${home}/bin`],
    {
      input: script,
      encoding: "utf8",
      env: {
        PATH: `${pretending(machine)}:${process.env["PATH"] ?? ""}`,
        HOME: home,
        TMPDIR: home,
      },
    },
  );
  return new RegExp(`^would download ${URL}/(.+)\\.tar\\.gz$`, "mu").exec(stdout)?.[1] ?? stderr;
}

const LINUX = { s: "Linux", m: "x86_64" };

describeWith(
  "dash",
  "busybox",
  "bash",
  "mksh",
)("install.sh", () => {
  const script = scriptFor(ALL);

  it.each(SHELLS)("finds out with %s which machine it runs on", (shell) => {
    const of = (machine: Machine) => chosen(shell, script, machine);
    expect({
      plain: of(LINUX),
      old: of({ ...LINUX, cpuinfo: "flags\t\t: fpu sse2\n" }),
      v2: of({ ...LINUX, cpuinfo: `flags\t\t: fpu ${V2}\n` }),
      v3: of({ ...LINUX, cpuinfo: `flags\t\t: fpu ${V3}\nflags: fpu\n` }),
      musl: of({ ...LINUX, ldd: "musl libc (x86_64)", cpuinfo: "flags : fpu\n" }),
      "32 bits on a kernel of 64": of({ ...LINUX, bits: "32" }),
      i686: of({ s: "Linux", m: "i686", bits: "32" }),
      aarch64: of({ s: "Linux", m: "aarch64" }),
      "aarch64 with musl": of({ s: "Linux", m: "aarch64", ldd: "musl libc (aarch64)" }),
      "aarch64 with programs of 32 bits": of({ s: "Linux", m: "aarch64", bits: "32" }),
      armv5: of({ s: "Linux", m: "armv5tel", bits: "32" }),
      armv6: of({ s: "Linux", m: "armv6l", bits: "32" }),
      armv7: of({ s: "Linux", m: "armv7l", bits: "32", cpuinfo: "Features\t: half vfp neon\n" }),
      "armv7 without a floating point unit": of({
        s: "Linux",
        m: "armv7l",
        cpuinfo: "Features\t: half thumb\n",
      }),
      armv8: of({ s: "Linux", m: "armv8l", bits: "32" }),
      riscv64: of({ s: "Linux", m: "riscv64" }),
      loongarch64: of({ s: "Linux", m: "loongarch64" }),
      ppc64le: of({ s: "Linux", m: "ppc64le" }),
      android: of({ s: "Linux", m: "aarch64", o: "Android" }),
      mac: of({ s: "Darwin", m: "arm64", translated: "0" }),
      "mac with Intel": of({ s: "Darwin", m: "x86_64" }),
      "mac under Rosetta": of({ s: "Darwin", m: "x86_64", translated: "1" }),
      freebsd: of({ s: "FreeBSD", m: "amd64" }),
      illumos: of({ s: "SunOS", m: "i86pc", o: "illumos" }),
      solaris: of({ s: "SunOS", m: "i86pc", o: "Solaris" }),
      aix: of({ s: "AIX", m: "00F84C0C4C00" }),
    }).toEqual({
      plain: "linux_amd64",
      old: "linux_amd64",
      v2: "linux_amd64_v2",
      v3: "linux_amd64_v3",
      musl: "linux_amd64+musl",
      "32 bits on a kernel of 64": "linux_386",
      i686: "linux_386",
      aarch64: "linux_arm64+glibc",
      "aarch64 with musl": "linux_arm64+musl",
      "aarch64 with programs of 32 bits": "linux_arm_7",
      armv5: "linux_arm_5",
      armv6: "linux_arm_6",
      armv7: "linux_arm_7",
      "armv7 without a floating point unit": "linux_arm_5",
      armv8: "linux_arm_7",
      riscv64: "linux_riscv64",
      loongarch64: "linux_loong64",
      ppc64le: "linux_ppc64le",
      android: "android_arm64",
      mac: "darwin_arm64",
      "mac with Intel": "darwin_amd64",
      "mac under Rosetta": "darwin_arm64",
      freebsd: "freebsd_amd64",
      illumos: "illumos_amd64",
      solaris: "solaris_amd64",
      aix: "aix_ppc64",
    });
  });

  it.each(SHELLS)("takes with %s what else a machine runs, or says what there is", (shell) => {
    const few = scriptFor(["linux/amd64", "linux/arm/6", "darwin/universal", "linux/s390x+glibc"]);
    const of = (machine: Machine) => chosen(shell, few, machine);
    expect(of({ s: "Linux", m: "armv7l" })).toBe("linux_arm_6");
    expect(of({ ...LINUX, bits: "32" })).toBe("linux_amd64");
    expect(of({ s: "Darwin", m: "x86_64" })).toBe("darwin_universal");
    expect(of({ s: "Linux", m: "s390x", ldd: "musl libc (s390x)" })).toBe(
      "tool: error: tool 1.2.3 is not released for linux/s390x (musl), but for linux/amd64 linux/arm/6 darwin/universal linux/s390x+glibc\n",
    );
    expect(of({ s: "MINGW64_NT-10.0", m: "x86_64" })).toBe(
      "tool: error: this script is not for Windows: use install.ps1 in PowerShell\n",
    );
    expect(chosen(shell, scriptFor(["darwin/amd64"]), { s: "Darwin", m: "arm64" })).toBe(
      "darwin_amd64",
    );
  });
});

describeWith("shellcheck")("install.sh", () => {
  it("is clean to shellcheck, whatever is released", () => {
    const path = join(temporaryFolder(), "install.sh");
    writeFileSync(path, scriptFor(ALL));
    const args = ["--shell=sh", "--severity=style", path];
    expect(execFileSync("shellcheck", args, { encoding: "utf8" })).toBe("");
  });
});
