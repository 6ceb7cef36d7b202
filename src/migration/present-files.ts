import type { MigrationRow } from "./findings.ts";
import { isMapping, listOf, mapping } from "./goreleaser-file.ts";

type OurKeys = Readonly<Record<string, unknown>>;

/** What a migration packs, and whether each pattern matches a file of the checkout. */
export interface MigratedFiles {
  readonly config: OurKeys;
  readonly rows: readonly MigrationRow[];
}

/** Every pattern and path of files that archives and packages contain. */
export function filePatterns(config: OurKeys): readonly string[] {
  const own = [config, ...listOf(config["archives"]), ...listOf(config["packages"])].map(mapping);
  const packed = own.flatMap((one) => listOf(one["files"]));
  return [...new Set([...packed, ...listOf(config["extra-files"])].flatMap(patternOf))];
}

function patternOf(file: unknown): readonly string[] {
  const from = isMapping(file) ? file["from"] : file;
  return typeof from === "string" && !from.startsWith("!") ? [from] : [];
}

/**
 * GoReleaser ignores a glob that matches nothing, and fails for a path that is missing. So a file that is not there yet
 * is made by an earlier step, unless it is a glob and there are no such commands: then nothing is packed for it.
 */
export function withPresentFiles(
  { config, rows }: MigratedFiles,
  unmatched: ReadonlySet<string>,
): MigratedFiles {
  if (unmatched.size === 0) return { config, rows };
  const released = new Set(listOf(config["extra-files"]).flatMap(patternOf));
  const made = [...unmatched].filter(
    (one) => "before" in config || released.has(one) || !/[*?[{]/u.test(one),
  );
  const surplus = new Set([...unmatched].filter((one) => !made.includes(one)));
  const generated = [...new Set([...listOf(config["generated"]), ...made])];
  return {
    config: {
      ...withoutFiles(config, (file) => patternOf(file).some((one) => surplus.has(one))),
      ...(generated.length === 0 ? {} : { generated }),
    },
    rows: [
      ...rows,
      ...[...surplus].map((one) => told(`\`${one}\` matches no file, so it is left out`)),
      ...made.map((one) =>
        told(
          `\`${one}\` is not there yet: it is declared in \`generated\`, so that an earlier step may make it`,
        ),
      ),
    ],
  };
}

function told(says: string): MigrationRow {
  return { outcome: "changed", key: "files", says };
}

/**
 * What decides about names: neither files nor commands. Archives without programs keep theirs; of released files those
 * that are not there yet are left out, and their names told.
 */
export function withNamesAlone(config: OurKeys): {
  readonly config: OurKeys;
  readonly absent: readonly string[];
} {
  const generated = new Set(listOf(config["generated"]));
  const [absent, present] = [true, false].map((wanted) =>
    listOf(config["extra-files"]).filter(
      (one) => patternOf(one).some((from) => generated.has(from)) === wanted,
    ),
  );
  return {
    config: {
      ...withoutFiles(config, () => true),
      ...("extra-files" in config ? { "extra-files": present } : {}),
      before: [],
    },
    absent: (absent ?? []).map((one) => releasedName(one)),
  };
}

function releasedName(one: unknown): string {
  const { from, name = from } = isMapping(one) ? one : { from: one };
  return String(name).replace(/^.*\//u, "");
}

function withoutFiles(config: OurKeys, isLeftOut: (file: unknown) => boolean): OurKeys {
  const filtered = (row: OurKeys): OurKeys =>
    "files" in row && !isFilesAlone(row)
      ? { ...row, files: listOf(row["files"]).filter((file) => !isLeftOut(file)) }
      : row;
  const rowsOf = (key: string): OurKeys =>
    key in config ? { [key]: listOf(config[key]).map((row) => filtered(mapping(row))) } : {};
  return { ...filtered(config), ...rowsOf("archives"), ...rowsOf("packages") };
}

function isFilesAlone({ builds }: OurKeys): boolean {
  return Array.isArray(builds) && builds.length === 0;
}
