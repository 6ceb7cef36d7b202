import type { Target } from "../model/target.ts";
import { type TranslatedName, translateName } from "./archive-names.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { type TemplateScope, translated } from "./placeholders.ts";
import { LEVELS, targetsOf } from "./translate-archives.ts";

type Row = Readonly<Record<string, unknown>>;

/** What each of the formats that are made here ends with. */
const extensions: Readonly<Record<string, string>> = {
  deb: ".deb",
  rpm: ".rpm",
  apk: ".apk",
  archlinux: ".pkg.tar.zst",
};

/** GoReleaser's default (goreleaser.com/customization/nfpm). */
const USUAL = `{{ .PackageName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}${LEVELS}`;

const CONVENTIONAL = /^\{\{-?\s*\.ConventionalFileName\s*-?\}\}$/u;

/** A name without what the format adds; undefined where it is as the distribution writes it. */
function templateOf(row: Row): string | undefined {
  const written = textOf(row["file_name_template"]) ?? USUAL;
  return CONVENTIONAL.test(written.trim())
    ? undefined
    : written.replaceAll(/\{\{-?\s*\.ConventionalExtension\s*-?\}\}/gu, "");
}

function linuxTargets(row: Row, builds: readonly GoReleaserBuild[]) {
  const ids = textsOf(row["ids"] ?? row["builds"]);
  const chosen = builds.filter(({ id }) => ids.length === 0 || ids.includes(id));
  return targetsOf(chosen).filter(({ os }) => os === "linux");
}

/** In the name of a package's file our `{binary}` is the package's name. */
function inPackages(template: string): string {
  return template.replaceAll(".PackageName", ".Binary");
}

/** `file-name` of a row, and the spellings that it needs; undefined where no one template says it. */
export function packageFileName(
  row: Row,
  builds: readonly GoReleaserBuild[],
  scope: TemplateScope,
): TranslatedName | "conventional" | undefined {
  const template = templateOf(row);
  if (template === undefined) return "conventional";
  const targets = linuxTargets(row, builds);
  const wide = translateName(inPackages(template), [...targets, ...OTHERS], scope);
  if (wide === undefined) return translateName(inPackages(template), targets, scope);
  const own = new Set(targets.flatMap(({ os, arch, level }) => [os, arch, `${arch}/${level}`]));
  const names = Object.entries(wide.names).filter(([key]) => own.has(key));
  return { template: wide.template, names: Object.fromEntries(names) };
}

/** Beside them a name that happens to be the same for all targets still has its variables, for targets to come. */
const OTHERS: readonly Target[] = ["amd64", "arm64"].flatMap((arch) => [
  { os: "linux", arch },
  { os: "darwin", arch },
]);

/** The names of all packages, but those that are as the distribution writes them. */
export function packageNames(
  data: Row,
  builds: readonly GoReleaserBuild[],
  scope: TemplateScope,
): readonly string[] {
  return listOf(data["nfpms"])
    .map(mapping)
    .flatMap((row) => {
      const template = templateOf(row);
      if (template === undefined) return [];
      const binary = textOf(row["package_name"]) ?? scope.project;
      return textsOf(row["formats"]).flatMap((format) => {
        const extension = extensions[format];
        if (extension === undefined) return [];
        return linuxTargets(row, builds).map(
          (target) =>
            translated(inPackages(template), scope, { target, binary }).trim() + extension,
        );
      });
    });
}
