/**
 * One line of plain text, as a commit's subject, so that Markdown shows it as it was written: it opens no block and
 * no element, and nobody is mentioned by it. Code in backticks and references to issues stay what they are.
 */
export function literal(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return asParagraph(outsideCode(line, (plain) => unmentioned(withoutHtml(plain))));
}

/** Applies `change` to what is not in a code span (spec.commonmark.org, "Code spans"). */
function outsideCode(line: string, change: (plain: string) => string): string {
  let changed = "";
  let from = 0;
  for (const found of line.matchAll(/\\[^\w\s]|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)/gu)) {
    if (found[1] === undefined) continue;
    changed += change(line.slice(from, found.index)) + found[0];
    from = found.index + found[0].length;
  }
  return changed + change(line.slice(from));
}

function withoutHtml(plain: string): string {
  return plain.replaceAll(/&(?=#?\w+;)/gu, "&amp;").replaceAll("<", "&lt;");
}

/**
 * Both forges look for names in the rendered text, where neither a backslash nor an entity for `@` is left; a space
 * of no width stays.
 */
function unmentioned(plain: string): string {
  return plain.replaceAll(/(?<![\p{L}\p{N}_])@(?=[\p{L}\p{N}_])/gu, "@&#8203;");
}

/** What would begin a heading, a quote, a list, a fence, a rule or a definition begins a paragraph. */
function asParagraph(line: string): string {
  const number = /^(\d{1,9})([.)])(?=\s|$)/u.exec(line);
  if (number !== null) return `${number[1]}\\${line.slice(number[1]?.length)}`;
  const begins = /^(#{1,6}(\s|$)|[+*-](\s|$)|>|~~~|```(?!.*`)|([-_*=])(\s*\4)*\s*$|\[[^\]]*\]:)/u;
  return begins.test(line) ? `\\${line}` : line;
}
