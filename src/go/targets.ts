import picomatch from "picomatch";
import { defined } from "../model/defined.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { formats } from "./formats.ts";
import { levelsOf } from "./levels.ts";
import { respelt } from "./target-spelling.ts";
import { compiledTargets, UNIVERSAL } from "./universal.ts";

/**
 * The targets that patterns choose among Go's platforms, in the order they are first named. A pattern is
 * `os/arch`, `os/arch/level`, a glob over `os/arch`, or any of these after `!`. Throws a `Problem` that names
 * every pattern Go does not know, or every target whose programs nothing here can read.
 */
export function chooseTargets(
  patterns: readonly string[],
  platforms: readonly string[],
): readonly Target[] {
  const faults: string[] = [];
  const chosen = new Map<string, Target>();
  for (const pattern of patterns) {
    const wanted = read(pattern.replace(/^!/u, ""), platforms);
    if (typeof wanted === "string") faults.push(wanted);
    else if (pattern.startsWith("!")) exclude(chosen, wanted);
    else for (const target of wanted) add(chosen, target);
  }
  if (faults.length > 0) {
    throw new Problem("target-unknown", faults.join("\n"), {
      hint: "`go tool dist list` prints the targets Go knows",
    });
  }
  if (chosen.size === 0) {
    throw new Problem("no-targets", `targets: ${JSON.stringify(patterns)} leave nothing to build`, {
      hint: "include at least one target that no `!` excludes",
    });
  }
  const opaque = [...chosen.values()].filter(({ os }) => !(os in formats)).map(formatTarget);
  if (opaque.length > 0) {
    throw new Problem(
      "target-opaque",
      `targets: programs for ${opaque.join(", ")} cannot be inspected`,
      {
        hint: `exclude them: ${opaque.map((target) => `\`!${target}\``).join(", ")}`,
      },
    );
  }
  return [...chosen.values()];
}

function read(pattern: string, platforms: readonly string[]): readonly Target[] | string {
  const wanted = readTarget(pattern, platforms);
  if (typeof wanted !== "string") return wanted;
  const meant = respelt(pattern);
  const known = meant !== undefined && typeof readTarget(meant, platforms) !== "string";
  return known ? `targets: "${pattern}" is not a Go target; use ${meant}` : wanted;
}

function readTarget(pattern: string, platforms: readonly string[]): readonly Target[] | string {
  const [os = "", arch = "", written, ...rest] = pattern.split("/");
  // A comma separates targets, so Go's `6,softfloat` is written `6+softfloat`.
  const level = written?.replaceAll("+", ",");
  if (arch === "" || rest.length > 0)
    return `targets: "${pattern}" must be os/arch or os/arch/level`;
  if (`${os}/${arch}` === APPLE) return readUniversal(pattern, written, platforms);
  const matches = picomatch.isMatch;
  const found = platforms.filter((platform) => matches(platform, `${os}/${arch}`));
  if (found.length === 0)
    return `targets: "${pattern}" is not a target of this Go version${near(os, arch, platforms)}`;
  const wrong =
    level === undefined
      ? undefined
      : found.map(split).find((target) => !allows(target.arch, level));
  if (wrong !== undefined) {
    const levels = levelsOf(wrong.arch);
    const shown = levels === undefined ? "it has none" : `levels are ${levels.shown}`;
    return `targets: "${pattern}" has a level that ${wrong.arch} does not know; ${shown}`;
  }
  return found.map(split).map((target) => (level === undefined ? target : { ...target, level }));
}

const APPLE = `darwin/${UNIVERSAL}`;

/** No target of Go: both of its architectures have to be. Globs do not mean it. */
function readUniversal(
  pattern: string,
  level: string | undefined,
  platforms: readonly string[],
): readonly Target[] | string {
  const target = { os: "darwin", arch: UNIVERSAL };
  const missing = compiledTargets(target)
    .map(formatTarget)
    .find((platform) => !platforms.includes(platform));
  if (level !== undefined) return `targets: "${pattern}" has a level; ${APPLE} has none`;
  return missing === undefined ? [target] : `targets: "${pattern}" needs ${missing}`;
}

/** A target is built once: of `linux/arm` and `linux/arm/7` the one whose level was written, which is in its name. */
function add(chosen: Map<string, Target>, target: Target): void {
  const key = formatTarget(withLevel(target));
  if (target.level !== undefined || !chosen.has(key)) chosen.set(key, target);
}

/** With Go's default where no level was written. */
function withLevel(target: Target): Target {
  const level = target.level ?? levelsOf(target.arch)?.fallback;
  return level === undefined ? target : { ...target, level };
}

function split(platform: string): { os: string; arch: string } {
  const [os = "", arch = ""] = platform.split("/");
  return { os, arch };
}

function allows(arch: string, level: string): boolean {
  return levelsOf(arch)?.allowed.test(level) ?? false;
}

function near(os: string, arch: string, platforms: readonly string[]): string {
  const archs = platforms.map(split).filter((target) => target.os === os);
  if (archs.length > 0) return `; ${os} has ${archs.map((target) => target.arch).join(", ")}`;
  const oses = [
    ...new Set(
      platforms
        .map(split)
        .filter((target) => target.arch === arch)
        .map((target) => target.os),
    ),
  ];
  return oses.length > 0 ? `; ${arch} exists on ${oses.join(", ")}` : "";
}

/** Without a level, every level goes. */
function exclude(chosen: Map<string, Target>, unwanted: readonly Target[]): void {
  for (const [key, { os, arch, level }] of chosen) {
    const hit = unwanted.some(
      (target) =>
        target.os === os &&
        target.arch === arch &&
        (target.level === undefined ||
          target.level === withLevel({ os, arch, ...defined({ level }) }).level),
    );
    if (hit) chosen.delete(key);
  }
}

/** The compiler's variables for a target, its level spelt out even where it is the default. */
export function targetEnvironment({ os, arch, level }: Target): Readonly<Record<string, string>> {
  const levels = levelsOf(arch);
  return {
    GOOS: os,
    GOARCH: arch,
    ...(levels === undefined ? {} : { [levels.variable]: level ?? levels.fallback }),
  };
}
