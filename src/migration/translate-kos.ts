import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { mapping, textOf, textsOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";

type KoRow = Readonly<Record<string, unknown>>;

/** What a static program does without; each is told. */
const LEFT: Readonly<Record<string, string>> = {
  flags: "an image holds the programs of the archives: write them in `flags` of its build",
  ldflags: "an image holds the programs of the archives: write them in `ldflags` of its build",
  env: "an image holds the programs of the archives: write it in `env` of its build",
  sbom: "each image has the SBOM that `sbom` asks for, attested",
  sbom_directory: "an SBOM of an image lies beside it in its registry",
  creation_time: "an image has the date of the commit",
  ko_data_creation_time: "an image has the date of the commit",
  local_domain: "a dry run writes an OCI archive",
  disable: "write no row of `images`, or none for this release",
  preserve_import_paths: "each image has the name that `repository` gives it",
  annotations: "every label of the OCI image specification is an annotation too",
};

/** Rows of `images` for images that ko made: it, too, puts Go programs on a base without Docker. */
export function translateKos(
  rows: readonly KoRow[],
  key: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly KoRow[] {
  return rows.flatMap((row, index) => translateRow(row, `${key}[${index}]`, scope, findings));
}

function translateRow(
  row: KoRow,
  place: string,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly KoRow[] {
  const text = (field: string, template: string) =>
    findings.attempt(`${place}.${field}`, () => translateText(template, scope));
  const repositories = [...textsOf(row["repositories"]), ...textsOf(row["repository"])];
  if (repositories.length === 0) {
    findings.left(
      place,
      "ko took the repository from KO_DOCKER_REPO: write it as `repository` in `images`",
    );
    return [];
  }
  for (const [field, says] of Object.entries(LEFT))
    if (row[field] !== undefined) findings.left(`${place}.${field}`, says);
  const tags = textsOf(row["tags"]).flatMap((tag) => text("tags", tag) ?? []);
  const labels = Object.entries(mapping(row["labels"])).flatMap(([name, label]) => {
    const translated = text(`labels.${name}`, String(label));
    return translated === undefined ? [] : [[name, translated]];
  });
  const more = {
    ...baseOf(row, place, findings),
    ...targetsOf(row),
    ...(tags.length === 0 ? {} : { tags }),
    ...(textOf(row["user"]) === undefined ? {} : { user: textOf(row["user"]) }),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) as KoRow }),
  };
  return repositories.flatMap((written) => {
    const plain = text("repositories", written);
    return plain === undefined
      ? []
      : [{ repository: named(plain, row, place, scope, findings), ...more }];
  });
}

/** ko adds the program's name, and a hash of its path, unless it was told not to. */
function named(
  repository: string,
  row: KoRow,
  place: string,
  { project }: TemplateScope,
  findings: MigrationFindings,
): string {
  if (row["bare"] === true) {
    findings.kept(place, `images: ${repository}`);
    return repository;
  }
  const name = `${repository}/${textOf(row["main"])?.replace(/^.*\//u, "") || project}`;
  if (row["base_import_paths"] === true) findings.kept(place, `images: ${name}`);
  else findings.changed(place, `images: ${name}, without the hash that ko adds to the name`);
  return name;
}

/** A tag may be another image tomorrow. */
function baseOf(row: KoRow, place: string, findings: MigrationFindings): KoRow {
  const base = textOf(row["base_image"]);
  if (base?.includes("@sha256:") === true) return { base };
  if (base !== undefined)
    findings.changed(
      `${place}.base_image`,
      `${base}: a base is given by its digest (\`crane digest ${base}\`); without one the program is on \`scratch\``,
    );
  return {};
}

function targetsOf(row: KoRow): KoRow {
  const platforms = textsOf(row["platforms"]).filter((one) => one !== "all");
  if (platforms.length === 0) return {};
  return { targets: platforms.map((one) => one.replace(/^(linux\/arm)\/v/u, "$1/")) };
}
