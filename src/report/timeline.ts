import type { Timing } from "../model/manifest.ts";
import { subjectOf } from "../model/step.ts";

/** More rows than this are hard to read, and Mermaid refuses long texts. */
const MOST_ROWS = 60;

/** The run as a Mermaid gantt: one section for each kind of step, the longest steps when there are many. */
export function timeline(timings: readonly Timing[]): string {
  const longest = [...timings]
    .sort((one, other) => other.duration - one.duration)
    .slice(0, MOST_ROWS);
  const rows = longest.sort((one, other) => one.start - other.start);
  const kinds = [...new Set(rows.map(({ step }) => step.kind))];
  return [
    "```mermaid",
    "gantt",
    "  dateFormat x",
    // Of the formats for time only this one says the same in every time zone, and after an hour.
    "  axisFormat %s s",
    ...kinds.flatMap((kind) => [
      `  section ${kind}`,
      ...rows.filter(({ step }) => step.kind === kind).map(line),
    ]),
    "```",
  ].join("\n");
}

/** Colons, semicolons, commas and hashes mean something to Mermaid. */
function line({ step, start, duration }: Timing): string {
  const name = subjectOf(step).replaceAll(/[:;,#]/g, " ") || step.kind;
  const from = Math.round(start);
  return `    ${name} :${from}, ${Math.max(from + 1, Math.round(start + duration))}`;
}
