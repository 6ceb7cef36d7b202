import type { BrokenRule } from "./reading.ts";

/**
 * Splits as a POSIX shell splits words (IEEE 1003.1 §2.2): blanks separate, single quotes keep all, double
 * quotes keep blanks, a backslash keeps the next character. Nothing is expanded and no shell is involved.
 */
export function splitWords(line: string): { readonly value: readonly string[] } | BrokenRule {
  const found: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string;
    const next = line[at + 1];
    if (quote !== undefined && char === quote) quote = undefined;
    else if (quote === "'") word += char;
    else if (
      char === "\\" &&
      next !== undefined &&
      (quote === undefined || '"\\$`'.includes(next))
    ) {
      word = (word ?? "") + next;
      at++;
    } else if (quote !== undefined) word += char;
    else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (/\s/u.test(char)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== undefined) return { rule: `has a ${quote} that is never closed` };
  return { value: word === undefined ? found : [...found, word] };
}

/** The words of a text that was checked where it was given. */
export function wordsOf(line: string): readonly string[] {
  const reading = splitWords(line);
  return "value" in reading ? reading.value : [];
}
