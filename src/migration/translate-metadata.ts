import { defined } from "../model/defined.ts";
import type { MigrationFindings } from "./findings.ts";
import { mapping, textOf, textsOf } from "./goreleaser-file.ts";
import { literalText, type TemplateScope } from "./placeholders.ts";

interface MetadataSection {
  readonly key: string;
  readonly value: unknown;
  readonly scope: TemplateScope;
  readonly findings: MigrationFindings;
}

/** Fields that say the same here; times are always the commit's. */
const read = /^(description|homepage|license|maintainers|mod_timestamp)$/u;

/** What describes the project (goreleaser.com/customization/metadata). */
export function translateMetadata(
  section: MetadataSection,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { key, value, findings } = section;
  const given = mapping(value);
  for (const name of Object.keys(given).filter((one) => !read.test(one)))
    findings.left(`${key}.${name}`, "has no equivalent");
  const [maintainers, ...others] = textsOf(given["maintainers"]);
  const { maintainers: first } = describedBy({ maintainers }, ["maintainers"], key, section);
  const metadata = {
    ...describedBy(given, DESCRIBED, key, section),
    ...defined({
      maintainer:
        first === undefined ? undefined : maintainerOf(first, `${key}.maintainers`, findings),
    }),
  };
  if (others.length > 0) findings.left(`${key}.maintainers`, "only the first is kept");
  if (Object.keys(metadata).length === 0) return {};
  findings.kept(key, Object.keys(metadata).join(", "));
  return { metadata };
}

/** What GoReleaser says of a project in several places. */
export const DESCRIBED = ["description", "homepage", "license"];

/** Those of the names that a row has a text for. */
export function describedBy(
  row: Readonly<Record<string, unknown>>,
  names: readonly string[],
  key: string,
  { scope, findings }: Pick<MetadataSection, "scope" | "findings">,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const written = textOf(row[name])?.trim() ?? "";
      if (written === "") return [];
      const text = findings.attempt(`${key}.${name}`, () => literalText(written, scope));
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** Debian's form (Policy §5.6.2); undefined, and told, for another. */
export function maintainerOf(
  text: string,
  key: string,
  findings: MigrationFindings,
): string | undefined {
  if (/^[^<>]+ <[^<>\s]+@[^<>\s]+>$/u.test(text)) return text;
  findings.left(key, `write \`${text}\` as \`Name <address>\``);
  return undefined;
}
