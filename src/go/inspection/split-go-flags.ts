/**
 * Splits as `go` splits -ldflags (`Split` of cmd/internal/quoted): at white space, an item may be in
 * quotes of either kind, nothing is escaped. `go` takes no quote without its partner, so it records none.
 */
export function splitQuoted(text: string): readonly string[] {
  return [...text.matchAll(ITEM)].map(([item, double, single]) => double ?? single ?? item);
}

const ITEM = /"([^"]*)"|'([^']*)'|[^\s]+/g;
