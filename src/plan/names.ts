import { levelsOf } from "../go/levels.ts";
import { zigTarget } from "../go/zig-targets.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { fill, mentions, type Values, type Variable } from "../model/template.ts";

/** What variables hold for a whole release. */
export type ReleaseValues = Omit<Values, TargetVariable>;

type TargetVariable =
  | "os"
  | "arch"
  | "level"
  | "target"
  | "binary"
  | "zig-target"
  | "os-title"
  | "arch-uname";

/** How `os`, `arch` and `os/arch/level` are written in names, as `names` says. */
export type Spelling = Readonly<Record<string, string>>;

/** What variables hold for one target, for flags and the environment of the compiler. */
export function targetValues(target: Target, release: ReleaseValues, binary: string): Values {
  const { os, arch, level } = target;
  return {
    ...release,
    os,
    arch,
    binary,
    level: level ?? levelsOf(arch)?.fallback ?? "",
    target: formatTarget(target).replaceAll("/", "_"),
    "zig-target": zigTarget(target) ?? "",
    "os-title": titles[os] ?? `${os.charAt(0).toUpperCase()}${os.slice(1)}`,
    "arch-uname": unameOf(os, arch, level),
  } as Values;
}

/** Variables of the release alone, for what belongs to no target. */
export function valuesWithoutTarget(release: ReleaseValues): Values {
  return targetValues({ os: "", arch: "" }, release, release.name);
}

/** `uname -s`, where it is more than a capital letter. */
const titles: Readonly<Record<string, string>> = {
  freebsd: "FreeBSD",
  netbsd: "NetBSD",
  openbsd: "OpenBSD",
  dragonfly: "DragonFly",
  illumos: "SunOS",
  solaris: "SunOS",
  aix: "AIX",
};

/** `uname -m`. */
function unameOf(os: string, arch: string, level: string | undefined): string {
  if (arch === "amd64") return os === "freebsd" || os === "openbsd" ? "amd64" : "x86_64";
  if (arch === "386") return os === "linux" ? "i686" : "i386";
  if (arch === "arm64") return os === "linux" || os === "netbsd" ? "aarch64" : "arm64";
  if (arch === "arm")
    return `armv${level?.charAt(0) ?? "7"}${level?.startsWith("5") ? "tel" : "l"}`;
  return arch === "loong64" ? "loongarch64" : arch;
}

/**
 * A name filled in. `{os}`, `{arch}` and `{target}` are written as `spelling` says; a level that was written in
 * `targets` follows `{arch}`, unless `{level}` stands there itself.
 */
export function nameOf(
  template: string,
  target: Target,
  spelling: Spelling,
  release: ReleaseValues,
  binary: string,
): string {
  const values = targetValues(target, release, binary);
  const suffix =
    target.level === undefined || mentions(template, "level")
      ? ""
      : levelSuffix(target.arch, target.level);
  const spelt: Partial<Record<Variable, string>> = {
    os: spelling[target.os] ?? target.os,
    arch: archOf(target, spelling, suffix),
    target: spelling[formatTarget(target)] ?? `${target.os}_${target.arch}${suffix}`,
    "arch-uname": unameWith(values, suffix),
  };
  return fill(template, { ...values, ...spelt });
}

/** The most exact spelling wins; one that names the level stands for it. */
function archOf({ os, arch, level }: Target, spelling: Spelling, suffix: string): string {
  const effective = level ?? levelsOf(arch)?.fallback;
  const whole = [`${os}/${arch}/${effective}`, `${arch}/${effective}`];
  const named = whole.map((key) => spelling[key]).find((value) => value !== undefined);
  return named ?? (spelling[`${os}/${arch}`] ?? spelling[arch] ?? arch) + suffix;
}

/** `uname -m` of ARM tells the level already. */
function unameWith(values: Values, suffix: string): string {
  return values.arch === "arm" ? values["arch-uname"] : values["arch-uname"] + suffix;
}

/** `armv6`, `amd64v3`, `mips_softfloat`. */
function levelSuffix(arch: string, level: string): string {
  const plain = level.replace(/[^A-Za-z0-9.]+/gu, "-");
  if (arch === "arm") return `v${plain}`;
  return plain.startsWith("v") ? plain : `_${plain}`;
}
