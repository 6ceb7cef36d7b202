import { translateText } from "./archive-names.ts";
import type { MigrationFindings } from "./findings.ts";
import { listOf, mapping, textOf } from "./goreleaser-file.ts";
import type { TemplateScope } from "./placeholders.ts";

/** Which milestones are closed (goreleaser.com/customization/milestone); of another repository none is. */
export function translateMilestones(
  key: string,
  value: unknown,
  scope: TemplateScope,
  findings: MigrationFindings,
): Readonly<Record<string, unknown>> {
  const names = listOf(value).flatMap((row, index) => {
    const { close, name_template: template, fail_on_error: strict, ...rest } = mapping(row);
    const place = `${key}[${index}]`;
    for (const name of Object.keys(rest))
      findings.left(
        `${place}.${name}`,
        "milestones are those of the repository that is released to",
      );
    if (close !== true) {
      findings.kept(place, "nothing is closed");
      return [];
    }
    const written = textOf(template) ?? "{{ .Tag }}";
    const name = findings.attempt(`${place}.name_template`, () => translateText(written, scope));
    if (name === undefined) return [];
    findings.changed(place, `close-milestones: ${name}; ${wordsOf(strict === true)}`);
    return [name];
  });
  return names.length === 0 ? {} : { "close-milestones": names };
}

function wordsOf(strict: boolean): string {
  return strict
    ? "one that is not there is a notice, and no failure"
    : "a token that may not close it (GitHub: `issues: write`) fails the run after the release";
}
