import type { MigrationRow } from "../migration/findings.ts";
import { escapeControls } from "./escape-controls.ts";
import { table } from "./table.ts";

const titles = {
  kept: "MIGRATED",
  changed: "MIGRATED, WITH DIFFERENCES",
  left: "NOT MIGRATED",
} as const satisfies Record<MigrationRow["outcome"], string>;

/** What became of each thing that a configuration said, what was left behind last. */
export function migrationTable(rows: readonly MigrationRow[]): string {
  const parts = (Object.keys(titles) as MigrationRow["outcome"][]).flatMap((outcome) => {
    const own = rows.filter((row) => row.outcome === outcome);
    if (own.length === 0) return [];
    const cells = own.map(({ line, key, says }) => [
      line === undefined ? "" : `line ${line}`,
      key,
      says,
    ]);
    return [`${titles[outcome]}\n${table(cells)}`];
  });
  return escapeControls(parts.join("\n\n"));
}

/** The names that a release would have, held against those that it had. */
export interface NameComparison {
  readonly same: readonly string[];
  /** Of the old tool alone. */
  readonly missing: readonly string[];
  /** Of this one alone. */
  readonly added: readonly string[];
}

export function nameTable({ same, missing, added }: NameComparison): string {
  const lines = [
    `FILE NAMES: ${same.length} of ${same.length + missing.length} are the same`,
    ...missing.map((name) => `- ${name}  (in GoReleaser only)`),
    ...added.map((name) => `+ ${name}  (in this plan only)`),
  ];
  return escapeControls(lines.join("\n"));
}
