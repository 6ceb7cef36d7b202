import { defined } from "../model/defined.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { needed, type TranslatedName, translateByGroup, translateName } from "./archive-names.ts";
import { fileMode } from "./file-mode.ts";
import type { MigrationFindings } from "./findings.ts";
import type { GoReleaserBuild } from "./goreleaser-builds.ts";
import { isMapping, listOf, mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { literalText, type TemplateScope, translated } from "./placeholders.ts";

/** GoReleaser's default names (goreleaser.com/customization/archive). */
export const LEVELS =
  '{{ with .Arm }}v{{ . }}{{ end }}{{ with .Mips }}_{{ . }}{{ end }}{{ if not (eq .Amd64 "v1") }}{{ .Amd64 }}{{ end }}';
const ARCHIVE = `{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}${LEVELS}`;
const BINARY = `{{ .Binary }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}${LEVELS}`;

/** A row of GoReleaser's `archives`, its defaults filled in. */
export interface GoReleaserArchive {
  readonly key: string;
  /** The builds whose programs it holds. */
  readonly builds: readonly GoReleaserBuild[];
  readonly meta: boolean;
  readonly formatsFor: (os: string) => readonly string[];
  /** A template. */
  readonly name: string;
  readonly wrap: string | undefined;
  readonly files: readonly unknown[] | undefined;
  readonly replacements: Readonly<Record<string, string>>;
  readonly row: Readonly<Record<string, unknown>>;
}

/** `folders` are those of the patterns in `files` that name one: they mean all that is in it. */
export function goReleaserArchives(
  data: Readonly<Record<string, unknown>>,
  builds: readonly GoReleaserBuild[],
  folders: ReadonlySet<string>,
): readonly GoReleaserArchive[] {
  const rows = listOf(data["archives"] ?? data["archive"]).map(mapping);
  return (rows.length === 0 ? [{}] : rows).map((row, index) => {
    const ids = textsOf(row["ids"] ?? row["builds"]);
    const plain = formatsOf(row, ["tar.gz"]);
    const overrides = listOf(row["format_overrides"]).map(mapping);
    return {
      key: `archives[${index}]`,
      builds: ids.length === 0 ? builds : builds.filter(({ id }) => ids.includes(id)),
      meta: row["meta"] === true,
      formatsFor: (os) => {
        const own = overrides.find((one) => textOf(one["goos"]) === os);
        return own === undefined ? plain : formatsOf(own, plain);
      },
      name: textOf(row["name_template"]) ?? (plain.includes("binary") ? BINARY : ARCHIVE),
      wrap: wrapOf(row),
      files:
        listOf(row["files"]).length === 0
          ? undefined
          : listOf(row["files"]).map((one) => withFolder(one, folders)),
      replacements: Object.fromEntries(
        Object.entries(mapping(row["replacements"])).map(([from, to]) => [from, String(to)]),
      ),
      row,
    };
  });
}

/** What is packed, as it is written: patterns and names. */
export function packedPatterns(data: Readonly<Record<string, unknown>>): readonly string[] {
  return listOf(data["archives"] ?? data["archive"])
    .flatMap((row) => listOf(mapping(row)["files"]))
    .flatMap((one) => textOf(isMapping(one) ? (one["src"] ?? one["source"]) : one) ?? []);
}

function withFolder(file: unknown, folders: ReadonlySet<string>): unknown {
  if (typeof file === "string") return folders.has(file) ? `${file}/` : file;
  const source = textOf(mapping(file)["src"] ?? mapping(file)["source"]);
  return source === undefined || !folders.has(source)
    ? file
    : { ...mapping(file), src: `${source}/` };
}

function formatsOf(
  row: Readonly<Record<string, unknown>>,
  fallback: readonly string[],
): readonly string[] {
  const written = textsOf(row["formats"] ?? row["format"]).map((one) =>
    one === "tgz" ? "tar.gz" : one,
  );
  return written.length === 0 ? fallback : written;
}

/** `true` is the archive's own name. */
function wrapOf(row: Readonly<Record<string, unknown>>): string | undefined {
  const written = row["wrap_in_directory"];
  if (written === undefined || written === false || written === "false" || written === "")
    return undefined;
  if (written === true || written === "true") return textOf(row["name_template"]) ?? ARCHIVE;
  return textOf(written);
}

/** Rows of our `archives`. */
export function translateArchive(
  archive: GoReleaserArchive,
  scope: TemplateScope,
  names: ReadonlyMap<string, readonly string[]>,
  findings: MigrationFindings,
): readonly Readonly<Record<string, unknown>>[] {
  const targets = targetsOf(archive.builds);
  if (targets.length === 0 && !archive.meta) {
    findings.left(archive.key, "it contains no program that is built here");
    return [];
  }
  const groups = findings.attempt(archive.key, () =>
    translateByGroup(targets, (some) => textsFor(archive, some, scope)),
  );
  tellRest(archive, findings);
  const files = filesOf(archive, scope, findings);
  const builds = archive.meta ? [] : archive.builds.flatMap(({ id }) => names.get(id) ?? [id]);
  return (groups ?? []).map(({ targets: some, translated: texts }) => ({
    builds,
    ...(some.length === targets.length ? {} : { targets: some.map(formatTarget) }),
    name: texts.name.template,
    archive: formatMap(archive, some, findings),
    ...defined({ wrap: texts.wrap?.template, files }),
    ...(Object.keys(texts.names).length === 0 ? {} : { names: texts.names }),
  }));
}

export function targetsOf(builds: readonly GoReleaserBuild[]): readonly Target[] {
  return [
    ...new Map(
      builds.flatMap(({ targets }) => targets.map((one) => [formatTarget(one), one] as const)),
    ).values(),
  ];
}

interface ArchiveTexts {
  readonly name: TranslatedName;
  readonly wrap: TranslatedName | undefined;
  readonly names: Readonly<Record<string, string>>;
}

/** Name and wrapping folder share one set of spellings; undefined where they do not agree. */
function textsFor(
  archive: GoReleaserArchive,
  targets: readonly Target[],
  scope: TemplateScope,
): ArchiveTexts | undefined {
  const spelt = { ...scope, replacements: archive.replacements };
  const name = translateName(archive.name, targets, spelt);
  const wrap = archive.wrap === undefined ? undefined : translateName(archive.wrap, targets, spelt);
  if (name === undefined || (archive.wrap !== undefined && wrap === undefined)) return undefined;
  const both = Object.entries(wrap?.names ?? {});
  const agree = both.every(([key, text]) => (name.names[key] ?? text) === text);
  return agree
    ? { name, wrap, names: needed({ ...name.names, ...Object.fromEntries(both) }) }
    : undefined;
}

/** Formats of theirs that are others of ours. */
const formats: Readonly<Record<string, string>> = { binary: "none" };
const known = ["tar.gz", "zip", "tar.zst", "gz", "none"];

function formatMap(
  archive: GoReleaserArchive,
  targets: readonly Target[],
  findings: MigrationFindings,
): unknown {
  const systems = [...new Set(targets.map(({ os }) => os))];
  const chosen = systems.map(
    (os) =>
      [os, archive.formatsFor(os).flatMap((one) => formatOf(one, archive, findings))] as const,
  );
  const [first] = chosen;
  const counts = chosen.map(([, own]) => JSON.stringify(own));
  if (new Set(counts).size === 1) return first?.[1];
  const usual = [...new Set(counts)].sort(
    (a, b) => counts.filter((one) => one === b).length - counts.filter((one) => one === a).length,
  )[0];
  return Object.fromEntries([
    ["*", JSON.parse(usual ?? "[]") as unknown],
    ...chosen.filter(([, own]) => JSON.stringify(own) !== usual),
  ]);
}

function formatOf(
  format: string,
  { key }: GoReleaserArchive,
  findings: MigrationFindings,
): readonly string[] {
  const ours = formats[format] ?? format;
  if (known.includes(ours)) return [ours];
  findings.left(`${key}.formats`, `${format} is not supported: use one of ${known.join(", ")}`);
  return [];
}

/** Rows of our `files`; undefined for the default ones, which are the same. */
function filesOf(
  { files, key }: GoReleaserArchive,
  scope: TemplateScope,
  findings: MigrationFindings,
): readonly unknown[] | undefined {
  if (files === undefined) return undefined;
  return files.flatMap((one, index): readonly unknown[] => {
    const place = `${key}.files[${index}]`;
    const given =
      typeof one === "string" ? one : textOf(mapping(one)["src"] ?? mapping(one)["source"]);
    const from = findings.attempt(place, () => literalText(given ?? "", scope));
    if (from === undefined) return [];
    if (typeof one === "string") return filePattern(from);
    if (!isMapping(one)) return [];
    const to = textOf(one["dst"] ?? one["destination"]);
    const strip = one["strip_parent"] === true;
    const mode = mapping(one["info"])["mode"];
    const destination =
      to === undefined ? undefined : findings.attempt(place, () => translated(to, scope));
    return [
      defined({
        from: plainPattern(from),
        to:
          destination === undefined || /[*?[{]/u.test(from) || destination.endsWith("/")
            ? destination
            : strip
              ? `${destination}/`
              : destination,
        strip: strip ? true : undefined,
        mode: typeof mode === "number" ? fileMode(mode) : undefined,
      }),
    ];
  });
}

/** `none*` is how GoReleaser is told to pack nothing else. */
function filePattern(pattern: string | undefined): readonly string[] {
  return pattern === undefined || /^none\*?$/u.test(pattern) ? [] : [plainPattern(pattern)];
}

/** A folder means everything below it. */
function plainPattern(pattern: string): string {
  return pattern.replace(/^\.\//u, "").replace(/\/+$/u, "/**");
}

const always =
  /^(id|ids|builds|format|formats|format_overrides|name_template|wrap_in_directory|files|meta|replacements|rlcp|allow_different_binary_count)$/u;

function tellRest({ row, key }: GoReleaserArchive, findings: MigrationFindings): void {
  for (const name of Object.keys(row).filter((one) => !always.test(one)))
    findings.left(
      `${key}.${name}`,
      name === "builds_info"
        ? "owner and time are always root and the commit's date"
        : "has no equivalent",
    );
}
