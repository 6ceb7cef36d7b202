import { defined } from "../model/defined.ts";
import type { PackageFormat } from "../model/packages.ts";
import { formatTarget } from "../model/target.ts";
import { packageExtensions } from "../plan/package-names.ts";
import { translateByGroup, translateText } from "./archive-names.ts";
import { fileMode } from "./file-mode.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import {
  isConventional,
  isFormat,
  packagedBuilds,
  packagedTargets,
  packageFileName,
} from "./package-file-names.ts";
import { literalText, type TemplateScope } from "./placeholders.ts";
import { targetsOf } from "./translate-archives.ts";
import { DESCRIBED, describedBy, maintainerOf } from "./translate-metadata.ts";

type PackageKeys = Readonly<Record<string, unknown>>;

interface PackageScene {
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
  readonly builds: readonly GoReleaserBuild[];
  /** Our names of the builds that archives hold, by theirs: packages are made of those. */
  readonly archived: ReadonlyMap<string, readonly string[]>;
}

const FORMATS = Object.keys(packageExtensions);

/** What a row of `nfpms` and ours call differently; lists of relations. */
const relations: Readonly<Record<string, string>> = {
  dependencies: "depends",
  recommends: "recommends",
  suggests: "suggests",
  conflicts: "conflicts",
  provides: "provides",
  replaces: "replaces",
};

/** Fields that say the same under another name or none, and what describes the project. */
const read = new Set([
  ...Object.keys(relations),
  ...["id", "ids", "builds", "formats", "package_name", "file_name_template", "bindir", "section"],
  ...["priority", "epoch", "release", "contents", "scripts", "overrides", "if", "mtime"],
  ...["vendor", "homepage", "maintainer", "description", "license", "empty_folders"],
]);

/** `packages` and `metadata` of GoReleaser's `nfpms` (goreleaser.com/customization/nfpm). */
export function translatePackages(value: unknown, scene: PackageScene): PackageKeys {
  const rows = listOf(value).map(mapping);
  const packages = rows.flatMap((row, at) => translateRow(row, `nfpms[${at}]`, scene));
  const metadata = metadataOf(rows, scene);
  if (packages.length > 0) scene.findings.kept("nfpms", "packages");
  return {
    ...(packages.length === 0 ? {} : { packages }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function translateRow(row: PackageKeys, key: string, scene: PackageScene): readonly PackageKeys[] {
  const { findings } = scene;
  for (const name of Object.keys(row))
    if (!read.has(name)) findings.left(`${key}.${name}`, "has no counterpart");
  const formats = textsOf(row["formats"]);
  const known = formats.filter(isFormat);
  for (const format of formats.filter((one) => !isFormat(one)))
    findings.left(`${key}.formats`, `${format} is not made: ${FORMATS.join(", ")} are`);
  const builds = packagedBuilds(row, scene.builds).filter(({ id }) => scene.archived.has(id));
  if (builds.length === 0) {
    findings.left(
      key,
      "packages contain what the archives contain, and no archive has its programs",
    );
    return [];
  }
  const overrides = mapping(row["overrides"]);
  // What one format alone contains needs a row of its own, as what it overrides does.
  const packaged = listOf(row["contents"]).some((one) => textOf(mapping(one)["packager"]));
  const alone = known.filter((format) => packaged || format in overrides || isConventional(row));
  const together = known.filter((format) => !alone.includes(format));
  if (isConventional(row))
    findings.changed(
      `${key}.file_name_template`,
      "the same names, with `-` before the word of a pre-release",
    );
  return [
    ...(together.length === 0 ? [] : packageRows(together, row, key, scene)),
    ...alone.flatMap((format) =>
      packageRows([format], { ...row, ...mapping(overrides[format]) }, key, scene),
    ),
  ];
}

/** One row, or one for each group of targets whose files are called otherwise. */
function packageRows(
  formats: readonly PackageFormat[],
  row: PackageKeys,
  key: string,
  scene: PackageScene,
): readonly PackageKeys[] {
  const { findings, scope, builds } = scene;
  const own = packageRow(formats, row, key, scene);
  const targets = packagedTargets(packagedBuilds(row, builds));
  const every = targetsOf(packagedBuilds(row, builds)).filter(({ os }) => os === "linux");
  const groups = findings.attempt(`${key}.file_name_template`, () =>
    translateByGroup(targets, (some) => packageFileName(row, formats[0] ?? "deb", some, scope)),
  );
  return (groups ?? [{ targets, translated: undefined }]).map(({ targets: some, translated }) => ({
    ...own,
    ...(some.length === every.length ? {} : { targets: some.map(formatTarget) }),
    ...defined({ "file-name": translated?.template }),
    ...(Object.keys(translated?.names ?? {}).length === 0 ? {} : { names: translated?.names }),
  }));
}

function packageRow(
  formats: readonly PackageFormat[],
  row: PackageKeys,
  key: string,
  scene: PackageScene,
): PackageKeys {
  const text = (name: string): string | undefined => {
    const written = textOf(row[name]);
    return written === undefined || written === ""
      ? undefined
      : scene.findings.attempt(`${key}.${name}`, () => translateText(written, scene.scope));
  };
  const builds = textsOf(row["ids"] ?? row["builds"]).flatMap((id) => scene.archived.get(id) ?? []);
  const files = listOf(row["contents"]).flatMap((one, at) =>
    fileRow(mapping(one), `${key}.contents[${at}]`, formats, scene),
  );
  return {
    formats,
    ...defined({
      ...(scene.builds.length > 1 && builds.length > 0 ? { builds } : {}),
      name: text("package_name"),
      bindir: text("bindir"),
      section: text("section"),
      priority: text("priority"),
      epoch: text("epoch"),
      release: text("release"),
    }),
    ...relationsOf(row),
    ...scriptsOf(row, key, scene),
    ...(files.length === 0 ? {} : { files }),
  };
}

function scriptsOf(row: PackageKeys, key: string, { scope, findings }: PackageScene): PackageKeys {
  const scripts = Object.entries(mapping(row["scripts"])).flatMap(([moment, script]) => {
    const path = findings.attempt(`${key}.scripts.${moment}`, () =>
      literalText(textOf(script) ?? "", scope),
    );
    return path === undefined ? [] : [[moment, path] as const];
  });
  return scripts.length === 0 ? {} : { scripts: Object.fromEntries(scripts) };
}

function relationsOf(row: PackageKeys): PackageKeys {
  return Object.fromEntries(
    Object.entries(relations).flatMap(([theirs, ours]) => {
      const words = textsOf(row[theirs]);
      return words.length === 0 ? [] : [[ours, words]];
    }),
  );
}

const types: Readonly<Record<string, string>> = {
  "": "file",
  file: "file",
  config: "config",
  "config|noreplace": "config-noreplace",
  "config|missingok": "config",
  dir: "dir",
  symlink: "symlink",
  doc: "doc",
  license: "doc",
  licence: "doc",
  readme: "doc",
  tree: "file",
};

function fileRow(
  { src, dst, type = "", packager, file_info: info }: PackageKeys,
  key: string,
  formats: readonly string[],
  { scope, findings }: PackageScene,
): readonly PackageKeys[] {
  const ours = types[String(type)];
  if (ours === undefined) {
    findings.left(key, `files of the type ${String(type)} have no counterpart`);
    return [];
  }
  const only = textOf(packager);
  if (only !== undefined && !formats.includes(only)) return [];
  const path = (name: string, written: unknown): string | undefined =>
    written === undefined
      ? undefined
      : findings.attempt(`${key}.${name}`, () => literalText(textOf(written) ?? "", scope));
  const source = path("src", src);
  const place = path("dst", dst);
  if ((src !== undefined && source === undefined) || place === undefined) return [];
  const from = type === "tree" ? `${source?.replace(/\/$/u, "")}/**` : source;
  const to = type === "tree" ? `${place.replace(/\/$/u, "")}/` : place;
  const { owner, group, mode } = mapping(info);
  const octal = typeof mode === "number" ? fileMode(mode) : textOf(mode);
  return [
    {
      ...(from === undefined ? {} : { from }),
      to,
      ...(ours === "file" ? {} : { type: ours }),
      ...defined({ owner: textOf(owner), group: textOf(group), mode: octal }),
    },
  ];
}

/** Of several rows the first that says it. */
function metadataOf(rows: readonly PackageKeys[], scene: PackageScene): PackageKeys {
  return Object.fromEntries(
    [...DESCRIBED, "maintainer", "vendor"].flatMap((name) => {
      const at = rows.findIndex((row) => textOf(row[name])?.trim());
      const place = `nfpms[${at}]`;
      const { [name]: text } = describedBy(rows[at] ?? {}, [name], place, scene);
      if (text === undefined) return [];
      const own =
        name === "maintainer" ? maintainerOf(text, `${place}.maintainer`, scene.findings) : text;
      return own === undefined ? [] : [[name, own]];
    }),
  );
}
