import { parse } from "semver";
import { levelsOf } from "../go/levels.ts";
import type { PackageFormat, PackageStep } from "../model/packages.ts";
import type { Target } from "../model/target.ts";

type Architectures = Readonly<Record<string, string>>;

/** Debian's ports (wiki.debian.org/SupportedArchitectures). */
const debian: Architectures = {
  amd64: "amd64",
  "386": "i386",
  arm64: "arm64",
  "arm/5": "armel",
  "arm/6": "armhf",
  "arm/7": "armhf",
  loong64: "loong64",
  mips: "mips",
  mipsle: "mipsel",
  mips64le: "mips64el",
  ppc64: "ppc64",
  ppc64le: "ppc64el",
  riscv64: "riscv64",
  s390x: "s390x",
};

/** `arch_canon` of rpm's rpmrc. */
const rpm: Architectures = {
  amd64: "x86_64",
  "386": "i386",
  arm64: "aarch64",
  "arm/5": "armv5tel",
  "arm/6": "armv6hl",
  "arm/7": "armv7hl",
  loong64: "loongarch64",
  mips: "mips",
  mipsle: "mipsel",
  mips64: "mips64",
  mips64le: "mips64el",
  ppc64: "ppc64",
  ppc64le: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
};

/** Alpine's (wiki.alpinelinux.org/wiki/Architecture). */
const alpine: Architectures = {
  amd64: "x86_64",
  "386": "x86",
  arm64: "aarch64",
  "arm/6": "armhf",
  "arm/7": "armv7",
  loong64: "loongarch64",
  ppc64le: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
};

/** Arch Linux and its ports for other machines. */
const arch: Architectures = {
  amd64: "x86_64",
  "386": "i686",
  arm64: "aarch64",
  "arm/5": "arm",
  "arm/6": "armv6h",
  "arm/7": "armv7h",
  loong64: "loong64",
  riscv64: "riscv64",
};

const architectures: Readonly<Record<PackageFormat, Architectures>> = {
  deb: debian,
  rpm,
  apk: alpine,
  archlinux: arch,
};

/** What a format calls the architecture of a target; undefined where its distributions have none of the kind. */
export function architectureOf(
  format: PackageFormat,
  { arch: goarch, level }: Target,
): string | undefined {
  const known = architectures[format];
  if (goarch !== "arm") return known[goarch];
  const effective = level ?? levelsOf(goarch)?.fallback ?? "7";
  // Without a floating point unit's registers only the oldest port will do.
  return known[effective.includes("softfloat") ? "arm/5" : `arm/${effective.charAt(0)}`];
}

/** Version and release as a format writes them, such that its package managers sort prereleases first. */
export function packageVersion(
  format: PackageFormat,
  version: string,
  release = "1",
): Pick<PackageStep, "version" | "release"> {
  const parts = parse(version);
  const core = parts === null ? version : `${parts.major}.${parts.minor}.${parts.patch}`;
  const pre = parts?.prerelease.join(".") ?? "";
  const build = parts?.build.join(".") ?? "";
  const plus = build === "" ? "" : `+${build.replaceAll("-", ".")}`;
  switch (format) {
    case "deb":
    case "rpm":
      // Debian Policy §5.6.12; rpm-version(7): `~` sorts before nothing, and `-` ends the version.
      return { version: core + (pre === "" ? "" : `~${pre.replaceAll("-", ".")}`) + plus, release };
    case "apk":
      return { version: core + apkSuffix(pre), release: String(Number(release) - 1) };
    case "archlinux":
      // PKGBUILD(5): no hyphen; letters sort before the end (vercmp(8)).
      return {
        version: core + pre.replaceAll("-", ".").replace(/^(?=\d)/u, "pre") + plus,
        release,
      };
  }
}

/** apk-package(5): `_alpha`, `_beta`, `_pre`, `_rc` with a number sort before the version without. */
function apkSuffix(pre: string): string {
  if (pre === "") return "";
  const [, word = "pre"] = /(?:^|[.-])(alpha|beta|pre|rc)(?=$|[.\d-])/u.exec(pre) ?? [];
  const [number = ""] = /\d+/u.exec(pre) ?? [];
  return `_${word}${number}`;
}

/** The whole name of a package file as its distribution writes it, but for `~`, which no forge keeps. */
export function packageFileName(
  format: PackageFormat,
  step: Pick<PackageStep, "package" | "version" | "release" | "arch">,
): string {
  const { package: name, release, arch: architecture } = step;
  const version = step.version.replaceAll("~", "-");
  switch (format) {
    case "deb":
      return `${name}_${version}-${release}_${architecture}.deb`;
    case "rpm":
      return `${name}-${version}-${release}.${architecture}.rpm`;
    case "apk":
      return `${name}-${version}-r${release}.${architecture}.apk`;
    case "archlinux":
      return `${name}-${version}-${release}-${architecture}.pkg.tar.zst`;
  }
}

/** What a name that was given gets at its end. */
export const packageExtensions: Readonly<Record<PackageFormat, string>> = {
  deb: ".deb",
  rpm: ".rpm",
  apk: ".apk",
  archlinux: ".pkg.tar.zst",
};
