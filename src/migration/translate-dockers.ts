import { isTag, readBase, repositoryFault } from "../images/reference.ts";
import { translateText } from "./archive-names.ts";
import { readDockerfile, type SimpleImage, UnsimpleDockerfile } from "./dockerfile.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";

type DockerRow = Readonly<Record<string, unknown>>;

export interface DockerScene {
  /** `dockers` or `dockers_v2`. */
  readonly key: string;
  readonly data: DockerRow;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
  readonly builds: readonly GoReleaserBuild[];
  /** Our names of the builds that archives hold, by theirs. */
  readonly archived: ReadonlyMap<string, readonly string[]>;
  /** Texts of the Dockerfiles that rows name, by the path that they write. */
  readonly dockerfiles: ReadonlyMap<string, string>;
}

/** The Dockerfiles that a configuration names, as it writes them. */
export function dockerfilesIn(data: DockerRow): readonly string[] {
  const rows = ["dockers", "dockers_v2"].flatMap((key) => listOf(data[key]).map(mapping));
  return [...new Set(rows.map(dockerfileOf))];
}

function dockerfileOf(row: DockerRow): string {
  return textOf(row["dockerfile"]) ?? "Dockerfile";
}

/** One repository, as the rows for its platforms together say it. */
interface Wanted {
  readonly place: string;
  readonly row: DockerRow;
  readonly repository: string;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
}

/**
 * Rows of `images` for those whose Dockerfile only puts programs on a base; each other one is left, with the
 * instruction that takes Docker.
 */
export function translateDockers(value: unknown, scene: DockerScene): readonly DockerRow[] {
  const { key, findings } = scene;
  const wanted = listOf(value)
    .map(mapping)
    .flatMap((row, index) => wantedOf(row, `${key}[${index}]`, scene));
  const repositories = [...new Set(wanted.map(({ repository }) => repository))];
  return repositories.flatMap((repository) => {
    const rows = wanted.filter((one) => one.repository === repository);
    const [first] = rows;
    if (first === undefined) return [];
    try {
      return [imageOf(first, rows, scene)];
    } catch (error) {
      if (!(error instanceof UnsimpleDockerfile)) throw error;
      findings.left(
        first.place,
        `${repository}: ${error.message}: build it in a later job, or write what it needs in \`images\``,
      );
      return [];
    }
  });
}

function wantedOf(row: DockerRow, place: string, scene: DockerScene): readonly Wanted[] {
  const { scope, findings } = scene;
  const text = (template: string) =>
    findings.attempt(place, () => translateText(template, scope)) ?? [];
  if (String(row["skip_push"] ?? row["disable"]) === "true") {
    findings.left(place, "it is never pushed: write no row of `images`");
    return [];
  }
  const isNew = scene.key === "dockers_v2";
  const names = isNew
    ? textsOf(row["images"]).flatMap((name) => textsOf(row["tags"]).map((tag) => `${name}:${tag}`))
    : textsOf(row["image_templates"]);
  const full = names.flatMap(text);
  const targets = isNew ? platformsOf(row) : [targetOf(row)];
  return full.map((name) => {
    const [, written = name, tag] = /^(.*):([^/]*)$/u.exec(name) ?? [];
    const repository = withHost(written);
    return { place, row, repository, tags: tag === undefined ? [] : [tag], targets };
  });
}

/** Docker takes what names no host for Docker Hub's. */
function withHost(name: string): string {
  return /^([^/]*[.:][^/]*|localhost)\//u.test(name) ? name : `docker.io/${name}`;
}

function platformsOf(row: DockerRow): readonly string[] {
  const platforms = textsOf(row["platforms"]);
  const given = platforms.length === 0 ? ["linux/amd64", "linux/arm64"] : platforms;
  return given.map((one) => one.replace(/^(linux\/arm)\/v/u, "$1/"));
}

/** GoReleaser's own defaults. */
function targetOf(row: DockerRow): string {
  const arch = textOf(row["goarch"]) ?? "amd64";
  const level = arch === "arm" ? `/${textOf(row["goarm"]) ?? "6"}` : "";
  return `${textOf(row["goos"]) ?? "linux"}/${arch}${level}`;
}

function imageOf(first: Wanted, rows: readonly Wanted[], scene: DockerScene): DockerRow {
  const { repository, place, row } = first;
  const fault = repositoryFault(repository);
  if (fault !== undefined) throw new UnsimpleDockerfile(`the repository ${fault}`);
  const path = dockerfileOf(row);
  if (rows.some((other) => dockerfileOf(other.row) !== path))
    throw new UnsimpleDockerfile("its platforms have several Dockerfiles");
  const text = scene.dockerfiles.get(path);
  if (text === undefined) throw new UnsimpleDockerfile(`${path} is not there to be read`);
  const image = simple(text, path);
  const programs = scene.builds.map(({ binary }) => programOf(binary, scene.scope));
  assertPrograms(image, programs, path);
  const base = baseOf(image);
  const ours = {
    repository,
    ...buildsOf(row, scene),
    targets: targetsOf(rows),
    ...(base === undefined ? {} : { base }),
    ...tagsOf(repository, rows, scene),
    ...(image.user === undefined ? {} : { user: image.user }),
    ...startOf(image, programs),
    ...(image.ports.length === 0 ? {} : { ports: image.ports }),
  };
  scene.findings.changed(place, `images: ${repository}, from what ${path} says`);
  tellChanges(image, first, scene);
  return { ...ours, ...labelsOf(image, first, scene) };
}

function targetsOf(rows: readonly Wanted[]): readonly string[] {
  const targets = [...new Set(rows.flatMap((one) => one.targets))];
  const other = targets.find((target) => !target.startsWith("linux/"));
  if (other !== undefined)
    throw new UnsimpleDockerfile(`it is for ${other}, and images hold linux programs`);
  return targets;
}

function programOf(binary: string, { project }: TemplateScope): string {
  return binary.replaceAll(/\{\{\s*\.ProjectName\s*\}\}/gu, project).replace(/^.*\//u, "");
}

/** Where it is given by its digest. */
function baseOf({ from }: SimpleImage): string | undefined {
  const base = withHost(from);
  return readBase(base) === undefined ? undefined : base;
}

/** Ours of the OCI image specification come from the release. */
function labelsOf(image: SimpleImage, { row, place }: Wanted, scene: DockerScene): DockerRow {
  const flags = [...textsOf(row["build_flag_templates"]), ...textsOf(row["flags"])];
  const given = flags.flatMap((flag) => {
    const [, name = "", value = ""] = /^--label[= ]"?([^="]+)=(.*?)"?$/u.exec(flag) ?? [];
    return name === "" ? [] : [[name, value]];
  });
  const rest = flags.filter((flag) => !/^--(label|platform|pull|builder)\b/u.test(flag));
  if (rest.length > 0)
    scene.findings.left(`${place}.flags`, `${rest.join(" ")}: no Docker runs, so it has no flags`);
  for (const [field, says] of Object.entries(LEFT))
    if (row[field] !== undefined) scene.findings.left(`${place}.${field}`, says);
  const all = [...given, ...Object.entries(mapping(row["labels"]))].flatMap(([name, value]) => {
    const label = scene.findings.attempt(`${place}.labels`, () =>
      translateText(String(value), scene.scope),
    );
    return label === undefined ? [] : [[name, label] as const];
  });
  const own = Object.entries({ ...image.labels, ...Object.fromEntries(all) }).filter(
    ([name]) => !name.startsWith("org.opencontainers.image."),
  );
  return own.length === 0 ? {} : { labels: Object.fromEntries(own) };
}

/** Each is told where it is given. */
const LEFT: Readonly<Record<string, string>> = {
  annotations: "every label of the OCI image specification is an annotation too",
  build_args: "no Dockerfile is built, so nothing takes arguments",
  push_flags: "images are pushed without Docker",
  sbom: "each image has the SBOM that `sbom` asks for, attested",
};

function simple(text: string, path: string): SimpleImage {
  try {
    return readDockerfile(text);
  } catch (error) {
    if (!(error instanceof UnsimpleDockerfile)) throw error;
    throw new UnsimpleDockerfile(`${path}, ${error.message}`);
  }
}

const PAPERS = /^(licen[cs]e|notice|copying|readme|changelog)/iu;

/** An image holds the programs that are released, and starts one of them. */
function assertPrograms(image: SimpleImage, programs: readonly string[], path: string): void {
  const alien = image.copied.find((name) => !programs.includes(name) && !PAPERS.test(name));
  if (alien !== undefined)
    throw new UnsimpleDockerfile(`${path} copies ${alien}, which is no program`);
  const [started] = image.entrypoint ?? image.cmd ?? [];
  if (started === undefined) throw new UnsimpleDockerfile(`${path} starts nothing of its own`);
  if (!programs.includes(started.replace(/^.*\//u, "")))
    throw new UnsimpleDockerfile(`${path} starts ${started}, which is no program of this release`);
  const { user = "0" } = image;
  if (
    baseOf(image) === undefined &&
    !/^(\d+|root|nobody|nonroot)(:(\d+|root|nobody|nonroot))?$/u.test(user)
  )
    throw new UnsimpleDockerfile(`${path} has USER ${user}, whom \`scratch\` does not know`);
}

function tellChanges(image: SimpleImage, { place }: Wanted, { findings }: DockerScene): void {
  const { from, user, workdir = "/", copied } = image;
  const where = `${place}.dockerfile`;
  const isOnBase = baseOf(image) !== undefined;
  if (from !== "scratch" && !isOnBase)
    findings.changed(
      where,
      `FROM ${from}: a base is given by its digest (\`crane digest ${from}\`); without one the program is on \`scratch\``,
    );
  if (user === undefined && !isOnBase)
    findings.changed(where, "without USER a program on `scratch` runs as 65532:65532");
  if (workdir !== "/")
    findings.left(where, `WORKDIR ${workdir}: a program starts where the base says, else in \`/\``);
  const papers = copied.filter((name) => PAPERS.test(name));
  if (papers.length > 0)
    findings.left(where, `COPY ${papers.join(", ")}: an image holds programs alone`);
}

function buildsOf(row: DockerRow, { archived }: DockerScene): DockerRow {
  const ids = textsOf(row["ids"]);
  if (ids.length === 0) return {};
  const missing = ids.find((id) => archived.get(id) === undefined);
  if (missing !== undefined)
    throw new UnsimpleDockerfile(`its program ${missing} is in no archive`);
  return { builds: ids.flatMap((id) => archived.get(id) ?? []) };
}

const ARCH = /-(amd64(v\d)?|386|i386|x86_64|arm64(v8)?|aarch64|armv?[567]?(v[567])?|\{arch\})$/u;

/** Those of the list over all platforms where there is one, else of the rows without what names a platform. */
function tagsOf(repository: string, rows: readonly Wanted[], scene: DockerScene): DockerRow {
  const manifests = listOf(scene.data["docker_manifests"]).map(mapping);
  const listed = manifests.flatMap((row) => {
    const template = textOf(row["name_template"]) ?? "";
    const name = scene.findings.attempt("docker_manifests", () =>
      translateText(template, scene.scope),
    );
    return name?.startsWith(`${repository}:`) === true ? [name.slice(repository.length + 1)] : [];
  });
  const own = rows.flatMap(({ tags }) => tags.map((tag) => tag.replace(ARCH, "")));
  const tags = [...new Set(listed.length === 0 ? own : listed)];
  const wrong = tags.find((tag) => !isTag(tag.replaceAll(/\{[^}]*\}/gu, "1")));
  if (wrong !== undefined) throw new UnsimpleDockerfile(`"${wrong}" is no tag`);
  return tags.length === 0 ? {} : { tags };
}

/** Programs lie in /usr/local/bin; one alone is what starts. */
function startOf({ entrypoint, cmd = [] }: SimpleImage, programs: readonly string[]): DockerRow {
  const [file, ...args] = entrypoint ?? cmd;
  const more = entrypoint === undefined ? [] : cmd;
  const program = `/usr/local/bin/${(file ?? programs[0] ?? "").replace(/^.*\//u, "")}`;
  const needs = args.length > 0 || programs.length > 1;
  return {
    ...(needs ? { entrypoint: [program, ...args] } : {}),
    ...(more.length === 0 ? {} : { cmd: more }),
  };
}
