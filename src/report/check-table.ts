import type { CheckLine } from "../model/check.ts";
import { escapeControls } from "./escape-controls.ts";

const RESULTS = [
  "will fail",
  "cannot tell",
  "ok",
] as const satisfies readonly CheckLine["result"][];

/** What a release needs, line by line, each cure below its line. */
export function checkTable(lines: readonly CheckLine[]): string {
  const first = Math.max(...RESULTS.map((result) => result.length)) + 2;
  const second = Math.max(0, ...lines.map(({ what }) => what.length)) + 2;
  const below = `\n${" ".repeat(first + second)}`;
  const rows = lines.flatMap(({ what, result, detail, cure }) => [
    `${result.padEnd(first)}${what.padEnd(second)}${detail.replaceAll("\n", below)}`,
    ...(cure === undefined
      ? []
      : [`${" ".repeat(first)}→ ${cure.replaceAll("\n", `\n${" ".repeat(first + 2)}`)}`]),
  ]);
  return escapeControls([...rows, "", summaryOf(lines)].join("\n"));
}

/** e.g. `1 will fail, 2 cannot tell, 5 ok`. */
function summaryOf(lines: readonly CheckLine[]): string {
  const counts = RESULTS.map((result) => ({
    result,
    count: lines.filter((line) => line.result === result).length,
  })).filter(({ count }) => count > 0);
  return counts.map(({ result, count }) => `${count} ${result}`).join(", ");
}
