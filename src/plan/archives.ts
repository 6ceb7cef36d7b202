import type { Config } from "../config/config.ts";
import type { Facts } from "../facts/facts.ts";
import type { ArchiveStep, BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
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
        name: stem(bareName(settings, suffix), withoutSuffix(binary.name, suffix)) + suffix,
        format: "none",
        target,
        binaries: [binary],
        files: [],
      }));
    }
    const format =
      settings.archive === "auto" ? (target.os === "windows" ? "zip" : "tar.gz") : settings.archive;
    const template = withoutExtension(
      settings.archiveName ?? "{name}_{version}_{os}_{arch}",
      format,
      target,
    );
    const name = `${stem(template, release.name)}.${format}`;
    return [{ name, format, target, binaries, files: facts.files.map((file) => ({ ...file })) }];
  });
}

function bareName({ archiveName }: Config["settings"], suffix: string): string {
  return withoutSuffix(archiveName ?? "{binary}_{version}_{os}_{arch}", suffix);
}

function withoutSuffix(name: string, suffix: string): string {
  return suffix !== "" && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

/** The extension tells the format, and is added; one that was written all the same must be that one. */
function withoutExtension(template: string, format: string, target: Target): string {
  const [, written] = /\.(tar\.(?:gz|zst|xz|bz2)|tgz|txz|zip|7z|gz)$/u.exec(template) ?? [];
  if (written === undefined) return template;
  if (written === format) return withoutSuffix(template, `.${format}`);
  throw new Problem(
    "archive-extension",
    `archive-name: ${template} ends in .${written}, and the archive for ${formatTarget(target)} is a ${format}`,
    { hint: "leave the extension out, it is added; `archive` says which format it is" },
  );
}
