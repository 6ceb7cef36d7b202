import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import type { ArchiveStep, BuildStep } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";
import { archiveStem, type ReleaseValues, targetValues } from "./names.ts";
import { executableSuffix } from "./programs.ts";

interface ArchiveInputs {
  readonly config: Config;
  readonly facts: Facts;
}

/** One archive a target with all its programs, or each program by itself. */
export function archiveSteps(
  { config, facts }: ArchiveInputs,
  builds: readonly BuildStep[],
  release: ReleaseValues,
): ArchiveStep[] {
  const { settings } = config;
  const targets = new Map(builds.map(({ target }) => [formatTarget(target), target]));
  return [...targets.values()].flatMap((target): ArchiveStep[] => {
    const binaries = builds
      .filter((build) => formatTarget(build.target) === formatTarget(target))
      .flatMap((build) => build.programs.map(({ binary }) => ({ build: build.id, name: binary })));
    const stem = (template: string, binary: string): string =>
      archiveStem(template, targetValues(target, release, binary), target);
    if (settings.archive === "none") {
      const suffix = executableSuffix(target.os, target.arch);
      return binaries.map((binary) => ({
        name: `${stem(settings.archiveName ?? "{binary}_{version}_{os}_{arch}", binary.name.slice(0, binary.name.length - suffix.length))}${suffix}`,
        format: "none",
        target,
        binaries: [binary],
        files: [],
      }));
    }
    const format =
      settings.archive === "auto" ? (target.os === "windows" ? "zip" : "tar.gz") : settings.archive;
    const name = `${stem(settings.archiveName ?? "{name}_{version}_{os}_{arch}", release.name)}.${format}`;
    return [{ name, format, target, binaries, files: facts.files.map((file) => ({ ...file })) }];
  });
}
