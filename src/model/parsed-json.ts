/** What JSON says; undefined for anything else. The parser's own words would quote what may be a secret. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
