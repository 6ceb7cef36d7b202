import picomatch from "picomatch";
import type { BuildConfig } from "../config/config.ts";
import type { BuildSettings } from "../config/inputs.ts";
import { chooseTargets } from "../go/targets.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";

type Override = BuildSettings["overrides"][number];

/**
 * Rows of `builds` without `overrides`: one for each group of targets that the same of them name, with these targets
 * alone. Throws a `Problem` for one that names none.
 */
export function overriddenBuilds(
  builds: readonly BuildConfig[],
  platforms: readonly string[],
): readonly BuildConfig[] {
  return builds.flatMap((build) => groupsOf(build, platforms));
}

function groupsOf(build: BuildConfig, platforms: readonly string[]): readonly BuildConfig[] {
  const { settings } = build;
  const { overrides } = settings;
  if (overrides.length === 0) return [build];
  const chosen = chooseTargets(settings.targets, platforms);
  for (const [index, row] of overrides.entries())
    if (!chosen.some((target) => names(row, target))) throw unmatched(index, row);
  const groups = new Map<string, { rows: readonly Override[]; targets: string[] }>();
  for (const target of chosen) {
    const rows = overrides.filter((row) => names(row, target));
    const key = rows.map((row) => overrides.indexOf(row)).join(" ");
    const group = groups.get(key) ?? { rows, targets: [] };
    group.targets.push(formatTarget(target));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ rows, targets }) => ({
    ...build,
    settings: { ...rows.reduce(overridden, settings), targets, overrides: [] },
  }));
}

function names({ targets }: Override, target: Target): boolean {
  const { os, arch } = target;
  return [formatTarget(target), `${os}/${arch}`].some((name) =>
    picomatch.isMatch(name, [...targets]),
  );
}

function overridden(settings: BuildSettings, override: Override): BuildSettings {
  const { targets: _, ...row } = override;
  const given = Object.entries(row).filter(([, value]) => value !== undefined);
  const env = { ...settings.env, ...row.env };
  return { ...settings, ...(Object.fromEntries(given) as Partial<BuildSettings>), env };
}

function unmatched(index: number, { targets }: Override): Problem {
  return new Problem(
    "override-unmatched",
    `overrides[${index}]: no target of this build is ${targets.join(", ")}`,
    { hint: "name targets that are built, as globs like `linux/*`, or leave the row out" },
  );
}
