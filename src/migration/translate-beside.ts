import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { listOf, mapping, textOf } from "./goreleaser-file.ts";
import { literalText, type TemplateScope } from "./placeholders.ts";

interface BesideSection {
  readonly key: string;
  readonly value: unknown;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
}

type Beside = Readonly<Record<string, unknown>>;

/** The source archive (goreleaser.com/customization/source). */
export function translateSource({ key, value, scope, findings }: BesideSection): Beside {
  const given = mapping(value);
  if (given["enabled"] !== true && given["enabled"] !== "true") return {};
  for (const name of Object.keys(given).filter((one) => !SOURCE_KEYS.test(one)))
    findings.left(
      `${key}.${name}`,
      name === "files"
        ? "the archive is the commit's files: commit them, or release them with `extra-files`"
        : "has no counterpart",
    );
  const text = (name: string, fallback: string): string | undefined => {
    const place = `${key}.${name}`;
    return findings.attempt(place, () => translateText(textOf(given[name]) ?? fallback, scope));
  };
  const name = text("name_template", "{{ .ProjectName }}-{{ .Version }}");
  const wrap = text("prefix_template", "");
  const format = textOf(given["format"]) ?? "tar.gz";
  if (format === "zip" || format === "tar.gz") findings.kept(key, "source: true");
  else findings.changed(`${key}.format`, `${format}: it is a tar.gz, and its name ends so`);
  return {
    source: true,
    ...(name === undefined || name === "{name}-{version}" ? {} : { "source-name": name }),
    ...(wrap === undefined ? {} : { "source-wrap": wrap }),
    ...(format === "zip" ? { "source-format": "zip" } : {}),
  };
}

/** Files that are released as they are (goreleaser.com/customization/release). */
export function translateExtraFiles({ key, value, scope, findings }: BesideSection): Beside {
  const rows = listOf(value).flatMap((one, index): readonly unknown[] => {
    const place = `${key}.extra_files[${index}]`;
    const { glob, name_template: template } = mapping(one);
    const from = findings.attempt(place, () => literalText(textOf(glob) ?? "", scope));
    if (from === undefined || from === "") return [];
    const written = textOf(template);
    if (written === undefined) return [from];
    const name = findings.attempt(place, () => translateText(written, scope));
    return name === undefined ? [] : [{ from, name }];
  });
  return rows.length === 0 ? {} : { "extra-files": rows };
}

const SOURCE_KEYS = /^(enabled|name_template|prefix_template|format)$/u;
