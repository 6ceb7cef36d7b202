import { labelOf, type Outline, sameLabel } from "./blocks.ts";

interface Definition {
  readonly label: string;
  readonly text: string;
}

/**
 * The definitions of links and footnotes that a part of a text uses and does not hold itself, as they stand
 * elsewhere in it.
 */
export function definitionsFor(part: string, whole: Outline): readonly string[] {
  const known = new Set(part.split("\n").map(labelOf));
  const all = definitionsIn(whole).filter(({ label }) => !known.has(label));
  const found = new Map<string, string>();
  for (let text = part; text !== ""; ) {
    const used = labelsIn(text);
    const more = all.filter(({ label }) => used.has(label) && !found.has(label));
    // The first definition of a label counts.
    for (const one of more) if (!found.has(one.label)) found.set(one.label, one.text);
    // A footnote may have links.
    text = more.map((one) => one.text).join("\n");
  }
  return [...found.values()];
}

function definitionsIn({ lines, blocks }: Outline): readonly Definition[] {
  return blocks.flatMap(({ kind, start, end }) => {
    const label = labelOf(lines[start] ?? "");
    if (kind !== "definition" || label === undefined) return [];
    return [{ label, text: lines.slice(start, end).join("\n") }];
  });
}

/** Whatever stands in brackets may be the label of a link. */
function labelsIn(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/\[((?:\\.|[^[\]\\])+)\]/gu)].map(([, label = ""]) => sameLabel(label)),
  );
}
