/**
 * A name that a Go file declares at its top level, and what the linker's `-X` can do with it (cmd/link): it sets
 * variables of type string that are declared without a value or with one that is known to the compiler.
 */
export interface GoDeclaration {
  readonly name: string;
  readonly kind:
    | "string"
    /** A constant: the compiler has put its value where it is used. */
    | "constant"
    /** A string whose value is computed when the program starts, over what was set. */
    | "computed"
    /** A variable of another type, for which the linker fails. */
    | "other";
  /** The names that its value is made of, where it hangs on them whether the value is known. */
  readonly from?: readonly string[];
}

/** The variables and constants of one package, from the texts of its files. */
export function declarationsIn(sources: readonly string[]): readonly GoDeclaration[] {
  const all = sources.flatMap((source) => new Declarations(tokensOf(source)).read());
  const constants = new Set(all.filter(({ kind }) => kind === "constant").map(({ name }) => name));
  return all.map(({ from, ...declaration }) => {
    const computed = from?.some((name) => !constants.has(name)) ?? false;
    return computed && declaration.kind === "string"
      ? { ...declaration, kind: "computed" }
      : declaration;
  });
}

interface Token {
  readonly kind: "word" | "text" | "number" | "mark" | "end";
  readonly text: string;
}

/** Go's lexical elements as far as they matter here (go.dev/ref/spec, "Lexical elements"). */
const TOKENS =
  /(?<space>[ \t\r]+|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<number>'(?:[^'\\\n]|\\.)+'|\.?\d[\w.]*)|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<end>[\n;])|(?<mark>[^])/gu;

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { 0: text, groups = {} } of source.matchAll(TOKENS)) {
    const kind = (["text", "number", "word", "end", "mark"] as const).find(
      (one) => groups[one] !== undefined,
    );
    if (kind === undefined) {
      // A comment over several lines ends one, as their break does.
      if (text.includes("\n") && closes(tokens.at(-1))) tokens.push({ kind: "end", text: "\n" });
    } else if (kind !== "end" || text === ";" || closes(tokens.at(-1))) tokens.push({ kind, text });
  }
  return tokens;
}

/** Whether a line that ends with the token ends a statement (go.dev/ref/spec, "Semicolons"). */
function closes(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "end") return false;
  return token.kind !== "mark" || /^[)\]}]$/u.test(token.text);
}

class Declarations {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): readonly GoDeclaration[] {
    const found: GoDeclaration[] = [];
    while (this.#at < this.#tokens.length) {
      const statement = this.#statement();
      const [first, ...rest] = statement;
      if (first?.kind !== "word" || !/^(var|const)$/u.test(first.text)) continue;
      const grouped = rest[0]?.text === "(" && rest[0].kind === "mark";
      for (const spec of grouped ? split(rest.slice(1, -1), "end") : [rest])
        found.push(...declared(spec, first.text === "const"));
    }
    return found;
  }

  /** The tokens up to the end of a statement at the top level, what is in brackets included. */
  #statement(): readonly Token[] {
    const start = this.#at;
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at++] as Token;
      depth += depthOf(token);
      if (depth <= 0 && token.kind === "end") break;
    }
    const statement = this.#tokens.slice(start, this.#at);
    return statement.at(-1)?.kind === "end" ? statement.slice(0, -1) : statement;
  }
}

function depthOf({ kind, text }: Token): number {
  if (kind !== "mark") return 0;
  return /^[([{]$/u.test(text) ? 1 : /^[)\]}]$/u.test(text) ? -1 : 0;
}

/** Parts between the commas, or the ends of lines, that are in no brackets. */
function split(tokens: readonly Token[], border: "end" | ","): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += depthOf(token);
    const here =
      border === "end" ? token.kind === "end" : token.text === "," && token.kind === "mark";
    if (here && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** `a, b string = "x", "y"`. */
function declared(spec: readonly Token[], constant: boolean): readonly GoDeclaration[] {
  const assigned = spec.findIndex(({ kind, text }) => kind === "mark" && text === "=");
  const left = assigned < 0 ? spec : spec.slice(0, assigned);
  const values = assigned < 0 ? [] : split(spec.slice(assigned + 1), ",");
  const names = split(left, ",").map(([first]) => first?.text ?? "");
  const type = split(left, ",").at(-1)?.slice(1) ?? [];
  return names.map((name, at) => {
    if (constant) return { name, kind: "constant" };
    if (type.length > 0 && !(type.length === 1 && type[0]?.text === "string"))
      return { name, kind: "other" };
    if (assigned < 0) return { name, kind: "string" };
    return {
      name,
      ...valueKind(values.length === names.length ? values[at] : undefined, type.length > 0),
    };
  });
}

/** Undefined: one of several results of a call. */
function valueKind(
  value: readonly Token[] | undefined,
  isText: boolean,
): Pick<GoDeclaration, "kind" | "from"> {
  const plain = (value ?? []).filter(({ kind, text }) => kind !== "mark" || !/^[()+]$/u.test(text));
  const called = (value ?? []).some(
    ({ kind, text }, at) => kind === "word" && text !== "string" && isOpening(value?.[at + 1]),
  );
  if (value === undefined || called) return { kind: "computed" };
  const [first] = plain;
  const literal =
    first?.kind === "number" ||
    (first?.kind === "word" &&
      /^(true|false|nil|func|map|struct|chan|interface)$/u.test(first.text));
  if (!isText && (literal || first?.kind === "mark")) return { kind: "other" };
  // A name of another package: nothing is known of it, and nothing is said.
  if (plain.some(({ kind, text }) => kind === "mark" && text === ".")) return { kind: "string" };
  if (plain.some(({ kind }) => kind === "mark")) return { kind: isText ? "computed" : "other" };
  return {
    kind: "string",
    from: plain
      .filter(({ kind }) => kind === "word")
      .map(({ text }) => text)
      .filter((text) => text !== "string"),
  };
}

function isOpening(token: Token | undefined): boolean {
  return token?.kind === "mark" && /^[([{]$/u.test(token.text);
}
