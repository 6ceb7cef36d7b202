import { executableSuffix } from "../plan/programs.ts";
import { UnknownTemplate } from "./go-template.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { expectedPackages } from "./package-file-names.ts";
import { type TemplateScope, translated } from "./placeholders.ts";
import { type GoReleaserArchive, targetsOf } from "./translate-archives.ts";

/**
 * The names of all files that GoReleaser would release, in our templates: archives and bare binaries, packages, the
 * list of checksums and the source archive. What cannot be computed is left out; it has a row of its own.
 */
export function expectedNames(
  data: Readonly<Record<string, unknown>>,
  archives: readonly GoReleaserArchive[],
  builds: readonly GoReleaserBuild[],
  scope: TemplateScope,
): readonly string[] {
  const named = (work: () => readonly string[]): readonly string[] => {
    try {
      return work();
    } catch (error) {
      if (error instanceof UnknownTemplate) return [];
      throw error;
    }
  };
  const archived = archives.flatMap((archive) => named(() => archiveNames(archive, scope)));
  const beside = [
    ...listOf(data["nfpms"])
      .map(mapping)
      .flatMap((row) => named(() => expectedPackages(row, builds, scope))),
    ...named(() => sourceNames(data, scope)),
    ...named(() => extraNames(data, scope)),
  ];
  return [
    ...archived,
    ...named(() => checksumNames(data, scope, [...archived, ...beside])),
    ...beside,
  ];
}

function archiveNames(archive: GoReleaserArchive, scope: TemplateScope): readonly string[] {
  const spelt = { ...scope, replacements: archive.replacements };
  const names = targetsOf(archive.builds).flatMap((target) => {
    const here = archive.builds.filter(({ targets }) =>
      targets.some((one) => JSON.stringify(one) === JSON.stringify(target)),
    );
    const programs = here.map(({ binary }) =>
      translated(binary, scope, { target }).replace(/^.*\//u, ""),
    );
    const suffix = executableSuffix(target.os, target.arch);
    return archive.formatsFor(target.os).flatMap((format) => {
      const bare = format === "binary" || format === "gz";
      return (bare ? programs : programs.slice(0, 1)).map((binary) => {
        const stem = translated(archive.name, spelt, { target, binary });
        return format === "binary" ? stem + suffix : `${stem}.${format}`;
      });
    });
  });
  return [...new Set(names)];
}

function checksumNames(
  data: Readonly<Record<string, unknown>>,
  scope: TemplateScope,
  others: readonly string[],
): readonly string[] {
  const checksum = mapping(data["checksum"]);
  if (checksum["disable"] === true) return [];
  if (checksum["split"] === true)
    return others.map((name) => `${name}.${textOf(checksum["algorithm"]) ?? "sha256"}`);
  const template =
    textOf(checksum["name_template"]) ?? "{{ .ProjectName }}_{{ .Version }}_checksums.txt";
  return [translated(template, scope).trim()];
}

function sourceNames(
  data: Readonly<Record<string, unknown>>,
  scope: TemplateScope,
): readonly string[] {
  const source = mapping(data["source"]);
  if (source["enabled"] !== true) return [];
  const template = textOf(source["name_template"]) ?? "{{ .ProjectName }}-{{ .Version }}";
  const formats = textsOf(source["format"]);
  return (formats.length === 0 ? ["tar.gz"] : listOf(formats)).map(
    (format) => `${translated(template, scope)}.${String(format)}`,
  );
}

/** Of a glob only the files tell the names. */
function extraNames(
  data: Readonly<Record<string, unknown>>,
  scope: TemplateScope,
): readonly string[] {
  const rows = listOf(mapping(data["release"])["extra_files"]).map(mapping);
  return rows.flatMap(({ glob, name_template: template }) => {
    const path = textOf(glob) ?? "";
    const name = textOf(template) ?? path.replace(/^.*\//u, "");
    return /[*?[\]{}]/u.test(textOf(template) === undefined ? path : "")
      ? []
      : [translated(name, scope)];
  });
}
