import { levelsOf } from "../go/levels.ts";
import type { Target } from "../model/target.ts";
import { fill, type Values } from "../model/template.ts";

/** What variables hold for a whole release. */
export type ReleaseValues = Pick<Values, "name" | "version" | "tag" | "commit" | "date">;

/** What variables hold for one target; `tag`, `name` and the like were settled before. */
export function targetValues(
  { os, arch, level }: Target,
  release: ReleaseValues,
  binary: string,
): Values {
  return {
    ...release,
    os,
    arch,
    binary,
    level: level ?? levelsOf(arch)?.fallback ?? "",
    "short-commit": release.commit.slice(0, 12),
    "os-title": titles[os] ?? `${os.charAt(0).toUpperCase()}${os.slice(1)}`,
    "arch-uname": unameOf(os, arch, level),
  };
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

/** The template filled in; a level that is not the default follows `{arch}` unless `{level}` stands there itself. */
export function archiveStem(template: string, values: Values, { level }: Target): string {
  if (level === undefined || template.includes("{level}")) return fill(template, values);
  const suffix = levelSuffix(values.arch, level);
  const marked = /\{arch(-uname)?\}/u.test(template) ? template : `${template}_{arch}`;
  return fill(marked, {
    ...values,
    arch: values.arch + suffix,
    "arch-uname": unameWith(values, suffix),
  });
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
