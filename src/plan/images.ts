import picomatch from "picomatch";
import type { Config } from "../config/config.ts";
import { variantOf } from "../images/platforms.ts";
import { isTag, readBase, shortName } from "../images/reference.ts";
import { belongsTo } from "../images/tags.ts";
import { defined } from "../model/defined.ts";
import type { PlannedImage, PlannedPlatform, PlannedTag } from "../model/image.ts";
import type { ArchiveStep, BuildStep, Destination, ReleaseSpec } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import { fill, mentions } from "../model/template.ts";
import { type ReleaseValues, valuesWithoutTarget } from "./names.ts";

type ImageRow = Config["settings"]["images"][number];

export interface ImageScene {
  readonly config: Config;
  readonly builds: readonly BuildStep[];
  readonly archives: readonly ArchiveStep[];
  readonly release: ReleaseSpec;
  readonly destination: Destination;
  readonly values: ReleaseValues;
  /** The versions of the module that git has tags of. */
  readonly versions: readonly string[];
}

/** The container images of a release. Throws a `Problem` for what cannot become one. */
export function plannedImages(scene: ImageScene): PlannedImage[] {
  const { images } = scene.config.settings;
  const repositories = images.map(({ repository = "" }) => repository);
  const twice = repositories.find((one, at) => repositories.indexOf(one) < at);
  if (twice !== undefined)
    throw new Problem("image-twice", `images: two rows have the repository ${twice}`, {
      hint: "make one row of them, with all their `builds` and `tags`",
    });
  return images.map((row, index) => imageOf(row, `images[${index}]`, scene));
}

function imageOf(row: ImageRow, where: string, scene: ImageScene): PlannedImage {
  const { repository = "", base = "scratch", cmd = [] } = row;
  const platforms = platformsOf(row, where, scene);
  const isScratch = base === "scratch";
  return {
    repository,
    base,
    platforms,
    tags: tagsOf(row, where, scene),
    ...defined({ user: row.user ?? (isScratch ? NOBODY : undefined) }),
    entrypoint: [...(row.entrypoint ?? [programOf(platforms, row, where, scene)])],
    cmd: [...cmd],
    ports: [...row.ports],
    labels: labelsOf(row, scene),
    certificates: row.certificates ?? isScratch,
    timeZones: row.timeZones ?? isScratch,
    archive: `images/${repository.replaceAll(/[/:[\]]/gu, "_")}_${scene.release.version}.oci.tar`,
  };
}

/** The user without rights of distroless images, by number: `runAsNonRoot` of Kubernetes knows no names. */
const NOBODY = "65532:65532";

/** Where programs lie: on the PATH of every base, and no link in any. */
const FOLDER = "usr/local/bin";

function platformsOf(row: ImageRow, where: string, scene: ImageScene): PlannedPlatform[] {
  const wanted = buildsOf(row, where, scene);
  const targets = new Map(wanted.map(({ target }) => [formatTarget(target), target]));
  const platforms = [...targets].map(([written, target]): PlannedPlatform => {
    const own = wanted.filter((build) => formatTarget(build.target) === written);
    const programs = own.flatMap(({ id, programs: all }) =>
      all.map(({ binary }) => ({ build: id, name: binary, path: `${FOLDER}/${binary}` })),
    );
    assertDistinct(
      programs.map(({ path }) => path),
      (name) => `${where}: two programs for ${written} would be ${name}`,
      "name the programs apart with `binary` in `builds`, or choose with `builds` of the image",
    );
    for (const { build, name } of programs) assertArchived(build, name, where, scene);
    const variant = variantOf(target);
    return { target, architecture: target.arch, ...defined({ variant }), programs };
  });
  assertDistinct(
    platforms.map(({ architecture, variant = "" }) => `linux/${architecture} ${variant}`.trim()),
    (name) => `${where}: two targets would be the platform ${name}`,
    "choose one of them with `targets` of the image",
  );
  return platforms;
}

function buildsOf(
  { builds: names, targets }: ImageRow,
  where: string,
  { config, builds }: ImageScene,
): readonly BuildStep[] {
  const known = config.builds.map(({ name }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Problem(
      "image-builds",
      `${where}: builds names ${unknown}, and no build is named so`,
      {
        hint: known.join("") === "" ? "leave `builds` out" : `known are ${known.join(", ")}`,
      },
    );
  const found = builds.filter(({ id, target }) => {
    const written = formatTarget(target);
    const name = id.slice(0, id.length - written.length).trimEnd();
    const named = names === undefined || known.length === 1 || names.includes(name);
    const here = targets.length === 0 || picomatch.isMatch(written, [...targets]);
    return target.os === "linux" && named && here;
  });
  if (found.length > 0) return found;
  throw new Problem("image-empty", `${where} holds no program: nothing of it is built for linux`, {
    hint: "add linux targets to `targets`, or correct `builds` and `targets` of the image",
  });
}

/** Programs are taken from the archives, so that image and archive hold the same bytes wherever they were built. */
function assertArchived(build: string, name: string, where: string, scene: ImageScene): void {
  const isHeld = scene.archives.some(({ binaries }) =>
    binaries.some((binary) => binary.build === build && binary.name === name),
  );
  if (isHeld) return;
  throw new Problem("image-unarchived", `${where}: ${name} (${build}) is in no archive`, {
    hint: "add its build to a row of `archives`, or leave it out of the image with `builds`",
  });
}

function assertDistinct(
  names: readonly string[],
  words: (name: string) => string,
  hint: string,
): void {
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Problem("image-ambiguous", words(twice), { hint });
}

/** What a container starts: the only program, or that of several which is named like the image or the project. */
function programOf(
  platforms: readonly PlannedPlatform[],
  { repository = "" }: ImageRow,
  where: string,
  { values }: ImageScene,
): string {
  const names = [...new Set(platforms.flatMap(({ programs }) => programs.map(({ name }) => name)))];
  const [only] = names;
  const likely = [shortName(repository), values.name].find((name) => names.includes(name));
  const chosen = names.length === 1 ? only : likely;
  if (chosen !== undefined) return `/${FOLDER}/${chosen}`;
  throw new Problem(
    "image-entrypoint",
    `${where}: nothing says which of ${names.join(", ")} a container starts`,
    { hint: `set \`entrypoint\`, e.g. \`entrypoint: [/${FOLDER}/${only}]\`` },
  );
}

const USUAL_TAGS = ["{version}", "{major}.{minor}", "latest"];

/** A prerelease has the tag of its version alone, and moves none that others follow. */
function tagsOf(
  { tags }: ImageRow,
  where: string,
  { release, values, versions }: ImageScene,
): PlannedTag[] {
  const all = (tags ?? USUAL_TAGS).map((template): PlannedTag => {
    // SemVer's sign for build metadata may stand in no tag.
    const name = fill(template, valuesWithoutTarget(values)).replaceAll("+", "-");
    if (!isTag(name))
      throw new Problem(
        "image-tag",
        `${where}: no registry takes the tag ${JSON.stringify(name)}`,
        {
          hint: "a tag has at most 128 letters, digits, `_`, `.`, `-`, and begins with no `.` or `-`",
        },
      );
    return { name, ...defined({ follows: follows(template, name, release) }) };
  });
  // What git does not know here, the registry's own tags tell later.
  const kept = all.filter(
    (tag) =>
      tag.follows === undefined ||
      !(
        release.prerelease ||
        (tag.follows === "latest" && !release.latest) ||
        !belongsTo(tag, release.version, versions)
      ),
  );
  return kept.filter(({ name }, at) => kept.findIndex((other) => other.name === name) === at);
}

function follows(template: string, name: string, release: ReleaseSpec): PlannedTag["follows"] {
  if (name.includes(release.version.replaceAll("+", "-"))) return undefined;
  if (mentions(template, "major")) return "line";
  return release.latest === true ? "always" : "latest";
}

/** Keys of the OCI image specification, "Annotations". */
function labelsOf(
  { base = "scratch", labels }: ImageRow,
  scene: ImageScene,
): Record<string, string> {
  const { release, destination, config, values } = scene;
  const { description, homepage, license, maintainer, vendor } = config.settings.metadata;
  const { serverUrl, repository } = destination;
  const source = serverUrl === "" ? undefined : `${serverUrl.replace(/\/+$/u, "")}/${repository}`;
  const named = {
    title: values.name,
    version: release.version,
    revision: release.commit ?? undefined,
    created: release.date,
    source,
    url: homepage ?? source,
    description,
    licenses: license,
    authors: maintainer,
    vendor,
    "base.name": base === "scratch" ? undefined : base.replace(/@.*$/u, ""),
    "base.digest": readBase(base)?.digest,
  };
  const own = Object.entries(labels).map(([name, text]) => [
    name,
    fill(text, valuesWithoutTarget(values)),
  ]);
  return {
    ...Object.fromEntries(
      Object.entries(defined(named)).map(([key, text]) => [
        `org.opencontainers.image.${key}`,
        text,
      ]),
    ),
    ...Object.fromEntries(own),
  };
}
