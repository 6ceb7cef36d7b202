/**
 * An SPDX expression as Homebrew writes it (docs.brew.sh, "License Guidelines"): `any_of`, `all_of` and `with`.
 * Undefined for what is no expression.
 */
export function rubyLicense(expression: string): string | undefined {
  const tokens = expression.match(/[()]|[^\s()]+/gu) ?? [];
  const reader = { tokens, at: 0 };
  const read = readEither(reader);
  return read === undefined || reader.at < tokens.length ? undefined : render(read, true);
}

type License =
  | { readonly kind: "one"; readonly id: string }
  | { readonly kind: "with"; readonly id: string; readonly exception: string }
  | { readonly kind: "any_of" | "all_of"; readonly of: readonly License[] };

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

function readEither(reader: Reader): License | undefined {
  return readJoined(reader, "OR", "any_of", (inner) => readJoined(inner, "AND", "all_of", readOne));
}

function readJoined(
  reader: Reader,
  word: string,
  kind: "any_of" | "all_of",
  part: (reader: Reader) => License | undefined,
): License | undefined {
  const of: License[] = [];
  do {
    const one = part(reader);
    if (one === undefined) return undefined;
    of.push(...("of" in one && one.kind === kind ? one.of : [one]));
  } while (takes(reader, word));
  const [only] = of;
  return of.length === 1 ? only : { kind, of };
}

function takes(reader: Reader, word: string): boolean {
  if (reader.tokens[reader.at]?.toUpperCase() !== word) return false;
  reader.at += 1;
  return true;
}

function readOne(reader: Reader): License | undefined {
  if (takes(reader, "(")) {
    const inner = readEither(reader);
    return takes(reader, ")") ? inner : undefined;
  }
  const id = idAt(reader);
  if (id === undefined) return undefined;
  if (!takes(reader, "WITH")) return { kind: "one", id };
  const exception = idAt(reader);
  return exception === undefined ? undefined : { kind: "with", id, exception };
}

function idAt(reader: Reader): string | undefined {
  const word = reader.tokens[reader.at] ?? "";
  if (!/^[A-Za-z0-9][A-Za-z0-9.+-]*$/u.test(word) || /^(AND|OR|WITH)$/iu.test(word))
    return undefined;
  reader.at += 1;
  return word;
}

function render(license: License, top: boolean): string {
  switch (license.kind) {
    case "one":
      return `"${license.id}"`;
    case "with": {
      const pair = `"${license.id}" => { with: "${license.exception}" }`;
      return top ? pair : `{ ${pair} }`;
    }
    case "any_of":
    case "all_of": {
      const list = `${license.kind}: [${license.of.map((one) => render(one, false)).join(", ")}]`;
      return top ? list : `{ ${list} }`;
    }
  }
}
