import picomatch from "picomatch";
import type { Config } from "../config/config.ts";
import type { Settings } from "../config/inputs.ts";
import type { Facts, PackageFacts } from "../facts/facts.ts";
import { defined } from "../model/defined.ts";
import { PackageFormat, PackageStep } from "../model/packages.ts";
import type { ArchiveStep, BuildStep } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { nameOf, type ReleaseValues } from "./names.ts";
import { customaryFile, ownFiles } from "./package-contents.ts";
import { assertPackage } from "./package-faults.ts";
import {
  architectureOf,
  packageExtensions,
  packageFileName,
  packageVersion,
} from "./package-names.ts";

interface PackagesScene {
  readonly config: Config;
  readonly facts: Facts;
  readonly builds: readonly BuildStep[];
  readonly archives: readonly ArchiveStep[];
  readonly values: ReleaseValues;
}

type PackageRow = Settings["packages"][number];

/** The packages of each row of `packages`, for each of its formats and each Linux target; none for no row. */
export function packageSteps(scene: PackagesScene): readonly PackageStep[] {
  return scene.config.settings.packages.flatMap((row, at) => {
    const facts = scene.facts.packages?.[at] ?? { files: [], systemd: [], scripts: {} };
    const made = row.formats
      .flatMap((word) => PackageFormat.options.filter((format) => format === word))
      .flatMap((format) => packagesOf(format, { row, facts }, scene));
    if (made.length === 0) throw empty(row, at);
    for (const step of made) assertPackage(step);
    // In the order of the schema, as whoever reads it from a manifest has it.
    return made.map((step) => PackageStep.parse(step));
  });
}

interface PackageKind {
  readonly row: PackageRow;
  readonly facts: PackageFacts;
}

function packagesOf(
  format: PackageFormat,
  kind: PackageKind,
  scene: PackagesScene,
): readonly PackageStep[] {
  const { targets } = kind.row;
  const known = new Map(scene.builds.map(({ target }) => [formatTarget(target), target]));
  return [...known]
    .filter(([name, { os }]) => {
      return os === "linux" && (targets.length === 0 || picomatch.isMatch(name, [...targets]));
    })
    .flatMap(([, target]) => {
      const arch = architectureOf(format, target);
      const programs = programsOf(target, kind.row, scene);
      return arch === undefined || programs.length === 0
        ? []
        : [packageOf({ format, target, arch, programs }, kind, scene)];
    });
}

/** The programs of a target, each in the first archive that holds it. */
function programsOf(
  target: Target,
  { builds, bindir = "/usr/bin" }: PackageRow,
  { archives, config }: PackagesScene,
): PackageStep["programs"] {
  const wanted = formatTarget(target);
  const found = archives
    .filter((archive) => archive.target !== undefined && formatTarget(archive.target) === wanted)
    .flatMap(({ name: archive, binaries }) => binaries.map((binary) => ({ archive, ...binary })))
    .filter(({ build }) => {
      const name = build.slice(0, build.length - wanted.length).trimEnd();
      return builds === undefined || config.builds.length === 1 || builds.includes(name);
    });
  const first = new Map<string, (typeof found)[number]>();
  for (const one of found) {
    const key = JSON.stringify([one.build, one.name]);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()].map(({ archive, build, name, path }) => ({
    archive,
    build,
    name,
    path,
    to: `${bindir.replace(/\/+$/u, "")}/${name}`,
  }));
}

type PackageParts = Pick<PackageStep, "format" | "target" | "arch" | "programs">;

function packageOf(
  parts: PackageParts,
  { row, facts }: PackageKind,
  { archives, values, config }: PackagesScene,
): PackageStep {
  const { format, target, arch, programs } = parts;
  const name = row.name ?? values.name.toLowerCase().replaceAll("_", "-");
  const known = {
    package: name,
    arch,
    ...packageVersion(format, values.version, row.release),
  };
  const spelling = { ...config.settings.names, ...row.names };
  const beside = archives.find((archive) => archive.name === programs[0]?.archive)?.files ?? [];
  const placed = ownFiles(row.files, facts);
  const taken = new Set(placed.map(({ to }) => to));
  // What a row puts somewhere lies there, and not where its kind usually does as well.
  const sources = new Set(placed.map(({ source }) => source));
  const customary = beside
    .filter(({ source }) => !sources.has(source))
    .flatMap((file) => customaryFile(file, format, name))
    .filter(({ to }) => !taken.has(to));
  return {
    name:
      row.fileName === undefined
        ? packageFileName(format, known)
        : nameOf(row.fileName, target, spelling, values, name) + packageExtensions[format],
    ...parts,
    ...known,
    ...defined({ epoch: row.epoch }),
    files: [...customary, ...placed],
    scripts: { ...facts.scripts },
    relations: relationsOf(row),
    about: aboutOf(format, row, name, config),
  };
}

function relationsOf(row: PackageRow): PackageStep["relations"] {
  const { depends, recommends, suggests, conflicts, provides, replaces } = row;
  return {
    depends: [...depends],
    recommends: [...recommends],
    suggests: [...suggests],
    conflicts: [...conflicts],
    provides: [...provides],
    replaces: [...replaces],
  };
}

function aboutOf(
  format: PackageFormat,
  { section, priority }: PackageRow,
  name: string,
  { settings: { metadata } }: Config,
): PackageStep["about"] {
  const { description, homepage, license, maintainer, vendor } = metadata;
  return defined({
    // Every format wants somebody; who is not named is nobody.
    maintainer: maintainer ?? vendor ?? name,
    description: description ?? name,
    homepage,
    // Debian's control file knows no such field: the licence is a file there.
    license: format === "deb" ? undefined : license,
    vendor,
    section: section ?? (format === "deb" ? "utils" : undefined),
    priority,
  });
}

/** Told where packages are made for nobody to answer for. */
export function packageNotices(packages: readonly PackageStep[]): readonly string[] {
  const [first] = packages;
  if (first === undefined || first.about.maintainer.includes("<")) return [];
  return [
    "packages name no maintainer: set `metadata` with `maintainer: Name <address>`, which Debian asks for",
  ];
}

function empty({ formats }: PackageRow, at: number): Problem {
  return new Problem(
    "package-empty",
    `packages[${at}]: there is no program for Linux to put into ${formats.join(", ")}`,
    {
      hint: "packages hold what the archives for linux targets hold: check `targets` and `builds`",
    },
  );
}
