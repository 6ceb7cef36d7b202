import { prerelease } from "semver";
import type { BuildConfig, Config } from "../config/config.ts";
import { chooseTargets } from "../go/targets.ts";
import { type ArchiveStep, type BuildStep, type Plan, type ReleaseSpec, SCHEMA } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Surroundings } from "../model/surroundings.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { fill, type Values } from "../model/template.ts";
import { destinationOf } from "./destination.ts";
import { isDry } from "./dry-run.ts";
import type { Facts } from "./facts.ts";
import { isoSeconds } from "./git.ts";
import { archiveStem, targetValues } from "./names.ts";
import { releaseNotes } from "./notes.ts";
import { executableSuffix, programName, selectPrograms } from "./programs.ts";
import { signingOf } from "./signing.ts";
import { chooseTag, listed, type Tagging } from "./tags.ts";

/** What is known before planning. */
export interface Known {
  readonly config: Config;
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  /** This program's version. */
  readonly tool: string;
}

/** Decides everything that will happen. Pure; throws a `Problem` for what cannot be released. */
export const plan = (known: Known): Plan => {
  const { config, facts, surroundings, tool } = known;
  const { settings } = config;
  const tagging = chooseTag({ asked: settings.tag, ref: surroundings.ref, git: facts.git, folder: facts.module.folder });
  assertClean(tagging, facts);
  const name = settings.name ?? programName(facts.module.path);
  const release = releaseSpec(known, tagging);
  const values = {
    name,
    version: release.version,
    tag: release.tag ?? `v${release.version}`,
    commit: release.commit ?? "",
    date: release.date,
  };
  const { builds, left } = buildSteps(known, values);
  const archives = archiveSteps(known, builds, values);
  const dryRun = isDry({ config, surroundings, tag: tagging.tag });
  const planned: Plan = {
    schema: SCHEMA,
    tool,
    name,
    module: { path: facts.module.path, folder: facts.module.folder, vendored: facts.module.vendored },
    release: { ...release, title: settings.title === undefined ? release.title : fill(settings.title, targetValues({ os: "", arch: "" }, values, name)) },
    go: facts.go.version,
    builds,
    archives,
    left,
    checksum: { algorithm: settings.checksum, name: "checksums.txt" },
    sbom: settings.sbom,
    provenance: settings.provenance,
    signing: signingOf({ config, surroundings, dryRun }),
    destination: destinationOf({ config, surroundings }, facts.git?.remote),
    dryRun,
    notices: [...tagging.notices, ...noticesOf(known)],
    parameters: config.parameters,
  };
  assertUnique(planned);
  return planned;
};

/** A snapshot may be dirty, its version says so; a release may not. */
const assertClean = ({ tag }: Tagging, { git }: Facts): void => {
  if (tag === undefined || git === undefined || git.dirty.length === 0) return;
  throw new Problem("dirty", `the work tree is dirty: ${listed(git.dirty)}`, {
    hint: `${tag} must be built from its commit alone: commit, stash, remove or ignore these files`,
  });
};

const releaseSpec = ({ config, facts }: Known, { tag, version, previousTag }: Tagging): ReleaseSpec => {
  const { settings } = config;
  return {
    tag: tag ?? null,
    version,
    commit: facts.git?.commit ?? null,
    date: facts.git?.date ?? isoSeconds(facts.epoch ?? ZIP_EPOCH),
    snapshot: tag === undefined,
    title: tag ?? `v${version}`,
    notes: releaseNotes({ asked: settings.notes, facts: facts.notes, version, previousTag }),
    previousTag: previousTag ?? null,
    draft: settings.draft,
    prerelease: settings.prerelease === "auto" ? prerelease(version) !== null : settings.prerelease === "true",
    latest: settings.latest === "auto" ? "auto" : settings.latest === "true",
    ...(settings.discussionCategory === undefined ? {} : { discussionCategory: settings.discussionCategory }),
    milestones: [...settings.milestones],
    ...(settings.releasedAt === undefined ? {} : { releasedAt: settings.releasedAt }),
  };
};

/** 1980-01-01, the earliest date that ZIP can hold, in seconds. */
const ZIP_EPOCH = 315_532_800;

type ReleaseValues = Pick<Values, "name" | "version" | "tag" | "commit" | "date">;

const buildSteps = (known: Known, values: ReleaseValues): Pick<Plan, "builds" | "left"> => {
  const { config, facts } = known;
  const builds: BuildStep[] = [];
  const left: Plan["left"] = [];
  for (const [index, build] of config.builds.entries()) {
    const selection = selectPrograms(facts.programs[index] ?? [], build.settings.main, facts.module.path);
    if (build.settings.main.length === 0) left.push(...selection.left);
    for (const target of chooseTargets(build.settings.targets, facts.go.platforms)) {
      const here = selection.built.filter(({ platforms }) => platforms.includes(`${target.os}/${target.arch}`));
      if (here.length > 0) builds.push(buildStep(build, target, here, values));
      else left.push({ program: selection.built.map((program) => program.importPath).join(", "), reason: `has no files for ${formatTarget(target)}` });
    }
  }
  if (config.builds.length > 1) {
    const names = new Set(builds.flatMap(({ programs }) => programs.map((program) => program.importPath)));
    return { builds, left: left.filter(({ program }) => !names.has(program)) };
  }
  return { builds, left };
};

const buildStep = (
  build: BuildConfig,
  target: Target,
  programs: readonly { readonly importPath: string; readonly package: string }[],
  release: ReleaseValues,
): BuildStep => {
  const { settings } = build;
  if (build.binary !== undefined && programs.length > 1) {
    throw new Problem("binary-ambiguous", `builds: binary ${build.binary} names one program, and \`main\` has ${programs.length}`, {
      hint: "give each program a row of its own in `builds`",
    });
  }
  const values = targetValues(target, release, build.binary ?? release.name);
  const filled = (templates: readonly string[]): string[] => templates.map((template) => fill(template, values));
  const env = Object.fromEntries(Object.entries(settings.env).map(([name, value]) => [name, fill(value, values)]));
  const suffix = executableSuffix(target.os, target.arch);
  return {
    id: build.name === "" ? formatTarget(target) : `${build.name} ${formatTarget(target)}`,
    target,
    programs: programs.map((program) => ({
      importPath: program.importPath,
      package: program.package,
      binary: `${build.binary ?? programName(program.importPath)}${suffix}`,
    })),
    flags: filled(settings.flags),
    ldflags: filled(settings.ldflags),
    tags: [...settings.tags],
    env: { CGO_ENABLED: "0", ...env },
    static: settings.static === "auto" ? (env["CGO_ENABLED"] === "1" ? "report" : "required") : settings.static,
  };
};

/** One archive a target with all its programs, or each program by itself. */
const archiveSteps = ({ config, facts }: Known, builds: readonly BuildStep[], release: ReleaseValues): ArchiveStep[] => {
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
    const format = settings.archive === "auto" ? (target.os === "windows" ? "zip" : "tar.gz") : settings.archive;
    const name = `${stem(settings.archiveName ?? "{name}_{version}_{os}_{arch}", release.name)}.${format}`;
    return [{ name, format, target, binaries, files: facts.files.map((file) => ({ ...file })) }];
  });
};

const noticesOf = ({ facts }: Known): readonly string[] => [
  ...(facts.module.workspace === undefined
    ? []
    : [`${facts.module.workspace} is ignored: releases are built from go.mod alone (GOWORK=off)`]),
];

/** Names that would overwrite each other, among released files and inside each archive. */
const assertUnique = (planned: Plan): void => {
  const released = [
    ...planned.archives.map(({ name }) => name),
    ...["plan.json", "manifest.json", planned.checksum.name, `${planned.checksum.name}.sigstore.json`, "provenance.sigstore.json"],
  ];
  const twice = repeated(released);
  if (twice !== undefined) {
    throw new Problem("name-taken", `two artifacts would be named ${twice}`, {
      hint: "use more variables in `archive-name`: {os}, {arch}, {level}, and {binary} for bare binaries",
    });
  }
  for (const { name, binaries, files } of planned.archives) {
    const inside = repeated([...binaries, ...files].map((entry) => entry.name));
    if (inside === undefined) continue;
    throw new Problem("name-taken", `two files in ${name} would be named ${inside}`, {
      hint: "name programs apart with `binary` in `builds`, or change `files`",
    });
  }
};

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index);
