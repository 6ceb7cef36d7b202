import type { PackageFormat } from "../model/packages.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { architectureOf, packageExtensions } from "../plan/package-names.ts";
import { archKey, needed, type TranslatedName, translateName } from "./archive-names.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { textOf, textsOf } from "./goreleaser-file.ts";
import { type TemplateScope, translated } from "./placeholders.ts";
import { LEVELS, targetsOf } from "./translate-archives.ts";

type PackageRow = Readonly<Record<string, unknown>>;

/** GoReleaser's default name (goreleaser.com/customization/nfpm). */
const ARCH = `{{ .Arch }}${LEVELS}`;
const DEFAULT = `{{ .PackageName }}_{{ .Version }}_{{ .Os }}_${ARCH}`;

/** The builds whose programs a row of `nfpms` holds. */
export function packagedBuilds(
  row: PackageRow,
  builds: readonly GoReleaserBuild[],
): readonly GoReleaserBuild[] {
  const ids = textsOf(row["ids"] ?? row["builds"]);
  return ids.length === 0 ? builds : builds.filter(({ id }) => ids.includes(id));
}

/** The targets that packages are made for: of AMD64 those of any machine alone. */
export function packagedTargets(builds: readonly GoReleaserBuild[]): readonly Target[] {
  return targetsOf(builds).filter(
    ({ os, arch, level }) => os === "linux" && !(arch === "amd64" && level !== undefined),
  );
}

/** Whether files are called as each format's distributions call them. */
export function isConventional(row: PackageRow): boolean {
  return /^\{\{-?\s*\.ConventionalFileName\s*-?\}\}$/u.test(
    textOf(row["file_name_template"]) ?? "",
  );
}

/**
 * The name of a row's files in our templates, without the extension; undefined where one does not do for all of the
 * targets. Throws `UnknownTemplate`.
 */
export function packageFileName(
  row: PackageRow,
  format: PackageFormat,
  targets: readonly Target[],
  scope: TemplateScope,
): TranslatedName | undefined {
  if (isConventional(row)) return conventional(row, format, targets);
  const written = textOf(row["file_name_template"]) ?? "";
  if (written === "") {
    const found = translateName(ARCH, targets, scope);
    const [only] = targets;
    const names =
      only !== undefined && targets.length === 1
        ? { [archKey(only)]: translated(ARCH, scope, { target: only }) }
        : found?.names;
    return { template: "{binary}_{version}_{os}_{arch}", names: needed(names ?? {}) };
  }
  const name = translateName(plain(written, format), targets, scope);
  return name === undefined ? undefined : { ...name, names: needed(name.names) };
}

/** nfpm's (`ConventionalFileName` of its formats), for a version that is no pre-release. */
function conventional(
  row: PackageRow,
  format: PackageFormat,
  targets: readonly Target[],
): TranslatedName {
  const release = textOf(row["release"]);
  const after = (mark: string): string => (release === undefined ? "" : mark + release);
  const templates: Readonly<Record<PackageFormat, string>> = {
    deb: `{binary}_{version}${after("-")}_{arch}`,
    rpm: `{binary}-{version}-${release ?? "1"}.{arch}`,
    apk: `{binary}_{version}${after("-r")}_{arch}`,
    archlinux: `{binary}-{version}-${release ?? "1"}-{arch}`,
  };
  const names = targets.flatMap((target) => {
    const arch = architectureOf(format, target);
    return arch === undefined ? [] : [[archKey(target), arch] as const];
  });
  return { template: templates[format], names: needed(Object.fromEntries(names)) };
}

/** The name of the package, which `{binary}` is in ours, and what is added at the end. */
function plain(template: string, format: PackageFormat, name = "{binary}"): string {
  return template
    .replaceAll(/\{\{-?\s*\.PackageName\s*-?\}\}/gu, name)
    .replaceAll(/\{\{-?\s*\.Format\s*-?\}\}/gu, format)
    .replaceAll(/\{\{-?\s*\.ConventionalExtension\s*-?\}\}/gu, "");
}

/** The names of all files that GoReleaser would make of a row, in our templates. Throws `UnknownTemplate`. */
export function expectedPackages(
  row: PackageRow,
  builds: readonly GoReleaserBuild[],
  scope: TemplateScope,
): readonly string[] {
  const name = textOf(row["package_name"]) ?? scope.project;
  const written = textOf(row["file_name_template"]) ?? DEFAULT;
  const formats = textsOf(row["formats"]).filter(isFormat);
  return formats.flatMap((format) =>
    packagedTargets(packagedBuilds(row, builds))
      .filter((target) => isPackaged(format, target))
      .map((target) => {
        const { template, names } = conventional(row, format, [target]);
        const own = isConventional(row)
          ? template
              .replace("{binary}", name)
              .replace("{arch}", names[archKey(target)] ?? target.arch)
          : translated(plain(written, format, name), scope, { target });
        const extension = packageExtensions[format];
        return own.endsWith(extension) ? own : own + extension;
      }),
  );
}

/** Arch Linux and its known ports have no more. */
function isPackaged(format: PackageFormat, target: Target): boolean {
  return format !== "archlinux" || /^linux\/(amd64|arm64|386|arm\/7)$/u.test(formatTarget(target));
}

export function isFormat(word: string): word is PackageFormat {
  return Object.hasOwn(packageExtensions, word);
}
