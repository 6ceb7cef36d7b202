import picomatch from "picomatch";
import type { ArchiveConfig, Config } from "../config/config.ts";
import type { Facts, FileFact } from "../facts/facts.ts";
import type { ArchiveFormatName } from "../model/archive-format.ts";
import { defined } from "../model/defined.ts";
import type { ArchiveStep, BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { fill } from "../model/template.ts";
import { nameOf, type ReleaseValues, valuesWithoutTarget } from "./names.ts";
import { executableSuffix } from "./programs.ts";

interface ArchiveInputs {
  readonly config: Config;
  readonly facts: Facts;
}

/** For each kind of archive and each target: one in every format with all its programs, or each program by itself. */
export function archiveSteps(
  { config, facts }: ArchiveInputs,
  builds: readonly BuildStep[],
  release: ReleaseValues,
): ArchiveStep[] {
  return config.archives.flatMap((archive, index) => {
    const files = facts.files[index] ?? [];
    const kind: ArchiveKind = {
      archive,
      files,
      spelling: { ...config.settings.names, ...archive.names },
      release,
    };
    if (archive.builds?.length === 0) return metaArchives(kind);
    const own = builds.filter((step) => isOf(step, archive, config));
    if (own.length === 0) throw empty(index);
    const targets = new Map(own.map(({ target }) => [formatTarget(target), target]));
    return [...targets.values()].flatMap((target) => archivesFor(target, own, kind));
  });
}

interface ArchiveKind {
  readonly archive: ArchiveConfig;
  readonly files: readonly FileFact[];
  readonly spelling: Readonly<Record<string, string>>;
  readonly release: ReleaseValues;
}

function isOf({ id, target }: BuildStep, archive: ArchiveConfig, { builds }: Config): boolean {
  const name = id.slice(0, id.length - formatTarget(target).length).trimEnd();
  const wanted =
    archive.builds === undefined || builds.length === 1 || archive.builds.includes(name);
  const here =
    archive.targets.length === 0 || picomatch.isMatch(formatTarget(target), [...archive.targets]);
  return wanted && here;
}

function archivesFor(
  target: Target,
  builds: readonly BuildStep[],
  kind: ArchiveKind,
): ArchiveStep[] {
  const binaries = builds
    .filter((build) => formatTarget(build.target) === formatTarget(target))
    .flatMap(({ id, programs }) =>
      programs.map(({ binary, folder }) => ({
        build: id,
        name: binary,
        path: (folder === undefined ? "" : folderOf(folder)) + binary,
      })),
    );
  return formatsFor(target.os, kind.archive).flatMap((format) =>
    format === "none" || format === "gz"
      ? binaries.map((binary) => bareBinary(binary, format, target, kind))
      : [archiveOf(binaries, format, target, kind)],
  );
}

function formatsFor(os: string, { formats }: ArchiveConfig): readonly ArchiveFormatName[] {
  const chosen = formats?.[os] ?? formats?.["*"] ?? ["auto"];
  return chosen.map((format) =>
    format === "auto" ? (os === "windows" ? "zip" : "tar.gz") : format,
  );
}

type PlannedBinary = ArchiveStep["binaries"][number];

/** What a `gz` is called tells nothing of what is in it, unless its template does. */
function bareBinary(
  binary: PlannedBinary,
  format: "none" | "gz",
  target: Target,
  { archive, spelling, release }: ArchiveKind,
): ArchiveStep {
  const suffix = executableSuffix(target.os, target.arch);
  const program = withoutSuffix(binary.name, suffix);
  const template = archive.name ?? "{binary}_{version}_{os}_{arch}";
  const named = (text: string): string => nameOf(text, target, spelling, release, program);
  return {
    name:
      format === "gz" ? `${named(template)}.gz` : named(withoutSuffix(template, suffix)) + suffix,
    format,
    target,
    binaries: [{ ...binary, path: binary.name }],
    files: [],
  };
}

function archiveOf(
  binaries: readonly PlannedBinary[],
  format: ArchiveFormatName,
  target: Target,
  { archive, files, spelling, release }: ArchiveKind,
): ArchiveStep {
  const [first] = binaries;
  const suffix = executableSuffix(target.os, target.arch);
  const program = withoutSuffix(first?.name ?? release.name, suffix);
  const template = archive.name ?? "{name}_{version}_{os}_{arch}";
  const named = (template: string): string => nameOf(template, target, spelling, release, program);
  const wrap = archive.wrap === undefined ? "" : folderOf(named(archive.wrap));
  return {
    name: `${named(withoutExtension(template, format, formatTarget(target)))}.${format}`,
    format,
    target,
    binaries: binaries.map((binary) => ({ ...binary, path: wrap + binary.path })),
    files: files
      .filter(({ os = [] }) => os.length === 0 || os.includes(target.os))
      .map((file) => packedFile(file, wrap, named)),
  };
}

/** An archive of files alone. */
function metaArchives({ archive, files, release }: ArchiveKind): ArchiveStep[] {
  const named = (template: string): string => fill(template, valuesWithoutTarget(release));
  const wrap = archive.wrap === undefined ? "" : folderOf(named(archive.wrap));
  return formatsFor("", archive).map((format) => {
    if (format === "none" || format === "gz") throw noProgram(format);
    return {
      name: `${named(withoutExtension(archive.name ?? "{name}_{version}", format, "files only"))}.${format}`,
      format,
      binaries: [],
      files: files.map((file) => packedFile(file, wrap, named)),
    };
  });
}

function folderOf(path: string): string {
  return `${path.replace(/\/+$/u, "")}/`;
}

function packedFile(
  { source, name, to, exact = false, executable, mode }: FileFact,
  wrap: string,
  named: (template: string) => string,
): ArchiveStep["files"][number] {
  const path = to === undefined ? name : exact ? named(to) : folderOf(named(to)) + name;
  return {
    source,
    name: wrap + path.replace(/^(?:\.?\/)+/u, ""),
    executable,
    ...defined({ mode }),
  };
}

function withoutSuffix(name: string, suffix: string): string {
  return suffix !== "" && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

/** The extension tells the format, and is added; one that was written all the same must be that one. */
function withoutExtension(template: string, format: string, what: string): string {
  const [, written] = /\.(tar\.(?:gz|zst|xz|bz2)|tgz|txz|zip|7z|gz)$/u.exec(template) ?? [];
  if (written === undefined) return template;
  if (written === format) return withoutSuffix(template, `.${format}`);
  throw new Problem(
    "archive-extension",
    `archive-name: ${template} ends in .${written}, but the archive for ${what} is a ${format}`,
    { hint: "remove the extension, it is added; `archive` sets the format" },
  );
}

function empty(index: number): Problem {
  return new Problem("archive-empty", `archives[${index}] contains no program of this release`, {
    hint: "use builds and targets that are built, or an empty list of `builds` for an archive that contains only files",
  });
}

function noProgram(format: string): Problem {
  return new Problem(
    "archive-empty",
    `archive ${format} contains exactly one program, but this archive has none`,
    {
      hint: "use tar.gz, tar.zst or zip for it",
    },
  );
}
