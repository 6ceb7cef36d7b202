import type { InputName } from "../config/inputs.ts";
import { formats } from "../go/formats.ts";
import { REGISTRY_MANIFEST } from "../model/names.ts";
import { formatTarget } from "../model/target.ts";
import { fill, type Values } from "../model/template.ts";
import { MigrationFindings, type MigrationRow } from "./findings.ts";
import { type GoReleaserBuild, goReleaserBuilds } from "./goreleaser-builds.ts";
import { type GoReleaserFile, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { expectedNames } from "./goreleaser-names.ts";
import { environmentOf, type TemplateScope } from "./placeholders.ts";
import { sections } from "./sections.ts";
import {
  type GoReleaserArchive,
  goReleaserArchives,
  translateArchive,
} from "./translate-archives.ts";
import { translateBuild } from "./translate-builds.ts";
import { withUniversal } from "./universal-binaries.ts";

/** A configuration of GoReleaser as one of ours. */
export interface Migration {
  /** What stands in `.go-release.yaml`, by kebab-case key. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly rows: readonly MigrationRow[];
  /** Variables that templates take from the environment: an input of the job, for a file may not allow them. */
  readonly environment: readonly string[];
  /** Every name that GoReleaser would give a file, for a release. */
  readonly names: (values: Values) => readonly string[];
}

export interface MigrationInputs {
  readonly file: GoReleaserFile;
  /** Path of the module. */
  readonly module: string;
  /** Path of the repository, as `origin` has it. */
  readonly repository?: string | undefined;
  /** Those of the folders in `builds` that hold another module. */
  readonly modules: ReadonlySet<string>;
  /** Those of the patterns in `files` of archives that name a folder. */
  readonly folders: ReadonlySet<string>;
  /** Texts of the Dockerfiles that the file names, by the path that it writes. */
  readonly dockerfiles?: ReadonlyMap<string, string>;
  /** How many digits git writes of a shortened hash in this repository. */
  readonly shortened?: number | undefined;
  /** `go tool dist list`. */
  readonly platforms: readonly string[];
  /** The inputs that this version has. */
  readonly known: ReadonlySet<InputName>;
}

/** Translates what can be; each other thing has a row that says why and what replaces it. */
export function migrate(inputs: MigrationInputs): Migration {
  const { file, modules, folders, platforms, known, shortened = 7 } = inputs;
  const findings = new MigrationFindings(file.lineOf);
  tellMissing(file, findings);
  const { data } = file;
  const project = projectOf(data, inputs);
  const scope = scopeOf(data, project, shortened);
  const every = withoutOpaque(goReleaserBuilds(data, project, platforms, modules), findings);
  const single = ofOneModule(every, findings);
  const builds = withUniversal(data, single, scope, findings);
  const archives = goReleaserArchives(data, builds, folders);
  const rows = builds.map(
    (build, index) => [build, translateBuild(build, `builds[${index}]`, scope, findings)] as const,
  );
  const names = new Map(rows.map(([{ id }, own]) => [id, own.map(({ name }) => name)]));
  const ours = archives.flatMap((archive) => translateArchive(archive, scope, names, findings));
  const archived = archivedBuilds(archives, names);
  const config: Record<string, unknown> = {
    name: project,
    builds: rows.flatMap(([, own]) => own),
    ...archiveKeys(ours, data["nfpms"] !== undefined),
  };
  tellKept(project, builds, ours.length, findings);
  const more = { known, data, builds, archived, dockerfiles: inputs.dockerfiles ?? new Map() };
  for (const [key, value] of Object.entries(data)) {
    const section = sections[key];
    if (section === undefined) findings.left(key, "has no equivalent");
    else add(section({ key, value, scope, findings, ...more }), config);
  }
  Object.assign(config, presetOf(project, data, findings));
  if (data["checksum"] === undefined)
    Object.assign(config, { "checksum-name": "{name}_{version}_checksums.txt" });
  return {
    config,
    rows: findings.rows,
    environment: [...new Set(environmentOf(JSON.stringify(config)))],
    names: (values) =>
      expectedNames(data, archives, builds, scope).map((template) => fill(template, values)),
  };
}

function tellMissing({ missing }: GoReleaserFile, findings: MigrationFindings): void {
  const unread = "cannot be read: provide it as a file next to this one, or migrate it by hand";
  for (const source of missing) findings.left("includes", `${source} ${unread}`);
}

function tellKept(
  project: string,
  builds: readonly GoReleaserBuild[],
  archives: number,
  findings: MigrationFindings,
): void {
  findings.kept("project_name", `name: ${project}`);
  if (builds.length > 0) findings.kept("builds", keptBuilds(builds));
  if (archives > 0) findings.kept("archives", keptArchives(archives));
}

/** Without targets whose programs cannot be inspected here. */
function withoutOpaque(
  builds: readonly GoReleaserBuild[],
  findings: MigrationFindings,
): readonly GoReleaserBuild[] {
  return builds.map((build, index) => {
    const opaque = build.targets.filter(({ os }) => !(os in formats));
    if (opaque.length === 0) return build;
    findings.left(
      `builds[${index}].goos`,
      `${opaque.map(formatTarget).join(", ")}: such programs cannot be inspected, so none is released`,
    );
    return { ...build, targets: build.targets.filter((target) => !opaque.includes(target)) };
  });
}

/** Our names of the builds that archives hold, by theirs. */
function archivedBuilds(
  archives: readonly GoReleaserArchive[],
  names: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const held = archives.filter(({ meta }) => !meta).flatMap(({ builds }) => builds);
  return new Map(held.map(({ id }) => [id, names.get(id) ?? []]));
}

/** As GoReleaser finds it: what it is released as, else the end of the module's path, a `v2` too. */
function projectOf(
  data: Readonly<Record<string, unknown>>,
  { module, repository = "" }: Pick<MigrationInputs, "module" | "repository">,
): string {
  const { disable, github, gitlab } = mapping(data["release"]);
  const last = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  const candidates = [
    textOf(data["project_name"]),
    textOf(mapping(github)["name"]),
    textOf(mapping(gitlab)["name"]),
    ...(String(disable) === "true" ? [] : [last(repository)]),
    last(module),
  ];
  const found = candidates.find((name = "") => name !== "" && !name.includes("{{"));
  return found ?? last(repository);
}

/** A configuration of ours is of one module: where rows are of several, those of other folders are left. */
function ofOneModule(
  builds: readonly GoReleaserBuild[],
  findings: MigrationFindings,
): readonly GoReleaserBuild[] {
  const folders = new Set(builds.map(({ dir }) => dir));
  if (folders.size < 2) return builds;
  return builds.filter(({ id, dir }) => {
    if (dir !== undefined)
      findings.left(
        "builds",
        `${id} is of the module in ${dir}: release it by itself, with \`working-directory: ${dir}\` and tags ${dir.replace(/^\.\//u, "")}/v1.2.3`,
      );
    return dir === undefined;
  });
}

/** A provider of Terraform's, that releases what its registry reads, has a preset. */
function presetOf(
  project: string,
  data: Readonly<Record<string, unknown>>,
  findings: MigrationFindings,
): Readonly<Record<string, unknown>> {
  const released = JSON.stringify([data["checksum"], data["release"]]);
  if (!project.startsWith("terraform-provider-") || !released.includes(REGISTRY_MANIFEST))
    return {};
  findings.changed("project_name", "preset: terraform-provider, which releases its manifest too");
  return { preset: "terraform-provider" };
}

/** What several sections say of the project is put together; the first word of a kind stays. */
function add(keys: Readonly<Record<string, unknown>>, config: Record<string, unknown>): void {
  const metadata = { ...mapping(keys["metadata"]), ...mapping(config["metadata"]) };
  const images = [...listOf(config["images"]), ...listOf(keys["images"])];
  Object.assign(
    config,
    keys,
    Object.keys(metadata).length === 0 ? {} : { metadata },
    images.length === 0 ? {} : { images },
  );
}

function keptArchives(count: number): string {
  return `${count} kind${count === 1 ? "" : "s"} of archive`;
}

function keptBuilds(builds: readonly GoReleaserBuild[]): string {
  const targets = builds.reduce((sum, build) => sum + build.targets.length, 0);
  return `${builds.length} build${builds.length === 1 ? "" : "s"} for ${targets} targets`;
}

function scopeOf(
  data: Readonly<Record<string, unknown>>,
  project: string,
  shortened: number,
): TemplateScope {
  const env = textsOf(data["env"]).map((one) => {
    const at = one.indexOf("=");
    return at < 0 ? [one, ""] : [one.slice(0, at), one.slice(at + 1)];
  });
  // A value that is a template is of the machine; one that is written out is of the file.
  const plain = env.filter(([, value = ""]) => !value.includes("{{"));
  const variables = Object.entries(mapping(data["variables"])).map(([name, value]) => [
    name,
    String(value),
  ]);
  return {
    env: Object.fromEntries(plain),
    variables: Object.fromEntries(variables),
    project,
    shortened,
  };
}

/** One kind of archive is written without a list, unless packages are beside it that are spelled otherwise. */
function archiveKeys(
  rows: readonly Readonly<Record<string, unknown>>[],
  packages: boolean,
): Readonly<Record<string, unknown>> {
  const [only, ...more] = rows;
  if (only === undefined) return {};
  if (more.length > 0 || "targets" in only || ("names" in only && packages))
    return { archives: rows };
  const { builds: _, name, ...rest } = only;
  return { "archive-name": name, ...rest };
}
