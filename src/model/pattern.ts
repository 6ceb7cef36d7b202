/**
 * A regular expression as people write it: of JavaScript, in its Unicode mode; `(?i)` at its beginning is for any letter
 * case. `whole`: it has to fit all of a text. Throws a `SyntaxError` for what was not checked before.
 */
export function patternOf(value: string, { whole = false } = {}): RegExp {
  const anyCase = value.startsWith("(?i)");
  const source = anyCase ? value.slice("(?i)".length) : value;
  return new RegExp(whole ? `^(?:${source})$` : source, anyCase ? "iu" : "u");
}
