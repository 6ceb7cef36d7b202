/**
 * The part of Go's text/template that release configurations use, evaluated over plain values
 * (pkg.go.dev/text/template, goreleaser.com/customization/templates).
 */

/** What a field or a variable of the environment holds. */
export type Field = string | boolean | undefined;

/** Where fields and variables come from. */
export interface Lookup {
  /** `.Name`; undefined is Go's empty value. */
  readonly field: (path: readonly string[]) => Field;
  /** A function besides those that are built in; undefined when it is not known. */
  readonly call?: (name: string, args: readonly Field[]) => Field;
}

/** One piece of a template, in its order: text, or what is between two braces and its end. */
export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly pipeline: Pipeline }
  | {
      readonly kind: "if" | "with";
      readonly condition: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

/** Commands separated by `|`; each is a list of operands. */
type Pipeline = readonly (readonly Operand[])[];

type Operand =
  | { readonly kind: "literal"; readonly value: Field }
  | { readonly kind: "field"; readonly path: readonly string[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "pipeline"; readonly pipeline: Pipeline };

/** What cannot be translated. `message` says what. */
export class UnknownTemplate extends Error {
  override readonly name = "UnknownTemplate";
}

/** Throws `UnknownTemplate` for what is not understood. */
export function parseTemplate(text: string): readonly TemplateNode[] {
  const parser = new Parser(tokensOf(text));
  const nodes = parser.nodes();
  if (!parser.done) throw new UnknownTemplate(`\`{{${parser.peek()}}}\` has no matching start`);
  return nodes;
}

/** Throws `UnknownTemplate` for a function that is not known. */
export function evaluate(nodes: readonly TemplateNode[], lookup: Lookup, dot?: Field): string {
  return nodes.map((node) => evaluateNode(node, lookup, dot)).join("");
}

function evaluateNode(node: TemplateNode, lookup: Lookup, dot: Field): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "value":
      return shown(run(node.pipeline, lookup, dot));
    case "if":
    case "with": {
      const value = run(node.condition, lookup, dot);
      const inner = node.kind === "with" && isTrue(value) ? value : dot;
      return evaluate(isTrue(value) ? node.body : node.otherwise, lookup, inner);
    }
  }
}

function shown(value: Field): string {
  return value === undefined ? "" : String(value);
}

export function isTrue(value: Field): boolean {
  return value !== undefined && value !== "" && value !== false;
}

function run(pipeline: Pipeline, lookup: Lookup, dot: Field): Field {
  let last: Field;
  for (const [index, command] of pipeline.entries()) {
    const [first, ...rest] = command;
    if (first === undefined) throw new UnknownTemplate("an empty command");
    const args = rest.map((operand) => valueOf(operand, lookup, dot));
    if (index > 0) args.push(last);
    last = first.kind === "name" ? call(first.name, args, lookup) : valueOf(first, lookup, dot);
  }
  return last;
}

function valueOf(operand: Operand, lookup: Lookup, dot: Field): Field {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "field":
      return operand.path.length === 0 ? dot : lookup.field(operand.path);
    case "name":
      return call(operand.name, [], lookup);
    case "pipeline":
      return run(operand.pipeline, lookup, dot);
  }
}

function call(name: string, args: readonly Field[], lookup: Lookup): Field {
  const own = lookup.call?.(name, args);
  if (own !== undefined) return own;
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) throw new UnknownTemplate(`the function \`${name}\``);
  return known(args);
}

const functions: Readonly<Record<string, (args: readonly Field[]) => Field>> = {
  eq: ([first, ...others]) => others.some((other) => shown(other) === shown(first)),
  ne: ([first, other]) => shown(first) !== shown(other),
  not: ([value]) => !isTrue(value),
  and: (args) => args.find((value) => !isTrue(value)) ?? args.at(-1),
  or: (args) => args.find(isTrue) ?? args.at(-1),
  print: (args) => args.map(shown).join(""),
  printf: ([format, ...args]) => {
    let at = 0;
    return shown(format).replaceAll(/%[svd]/gu, () => shown(args[at++]));
  },
  tolower: ([text]) => shown(text).toLowerCase(),
  toupper: ([text]) => shown(text).toUpperCase(),
  title: ([text]) => shown(text).replaceAll(/(^|[\s-])\p{L}/gu, (first) => first.toUpperCase()),
  trim: ([text]) => shown(text).trim(),
  trimprefix: ([text, prefix]) =>
    shown(text).startsWith(shown(prefix)) ? shown(text).slice(shown(prefix).length) : shown(text),
  trimsuffix: ([text, suffix]) =>
    shown(text).endsWith(shown(suffix)) && shown(suffix) !== ""
      ? shown(text).slice(0, -shown(suffix).length)
      : shown(text),
  replace: ([text, from, to]) => shown(text).replaceAll(shown(from), shown(to)),
  contains: ([text, part]) => shown(text).includes(shown(part)),
  hasPrefix: ([text, part]) => shown(text).startsWith(shown(part)),
};

interface Token {
  readonly kind: "text" | "action";
  readonly text: string;
}

/** Text and actions in turn; `{{-` and `-}}` take the blanks beside them away. */
function tokensOf(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = template;
  let trimNext = false;
  for (;;) {
    const open = rest.indexOf("{{");
    const text = open < 0 ? rest : rest.slice(0, open);
    const trimEnd = open >= 0 && /^\{\{-\s/u.test(rest.slice(open));
    const left = trimNext ? text.trimStart() : text;
    const kept = trimEnd ? left.trimEnd() : left;
    if (kept !== "") tokens.push({ kind: "text", text: kept });
    if (open < 0) return tokens;
    const close = rest.indexOf("}}", open);
    if (close < 0) throw new UnknownTemplate("an unclosed `{{`");
    const inside = rest.slice(open + 2, close);
    trimNext = /\s-$/u.test(inside);
    const action = inside.replace(/^-\s/u, "").replace(/\s-$/u, "").trim();
    if (!action.startsWith("/*")) tokens.push({ kind: "action", text: action });
    rest = rest.slice(close + 2);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#at]?.text ?? "";
  }

  /** Up to the `end` or `else` that belongs to somebody further out. */
  nodes(): readonly TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return nodes;
      if (token.kind === "action" && /^(end|else)\b/u.test(token.text)) return nodes;
      this.#at += 1;
      nodes.push(
        token.kind === "text" ? { kind: "text", text: token.text } : this.#action(token.text),
      );
    }
  }

  #action(text: string): TemplateNode {
    const [, keyword, condition = ""] =
      /^(if|with|range|define|block|template)\s+(.*)$/su.exec(text) ?? [];
    if (keyword === undefined) return { kind: "value", pipeline: pipelineOf(text) };
    if (keyword !== "if" && keyword !== "with") throw new UnknownTemplate(`\`${keyword}\``);
    const body = this.nodes();
    return { kind: keyword, condition: pipelineOf(condition), body, otherwise: this.#otherwise() };
  }

  #otherwise(): readonly TemplateNode[] {
    const text = this.peek();
    if (this.done) throw new UnknownTemplate("an `if` without its `end`");
    this.#at += 1;
    if (text === "end") return [];
    if (text !== "else") return [this.#action(text.replace(/^else\s+/u, ""))];
    const nodes = this.nodes();
    if (this.peek() !== "end") throw new UnknownTemplate("an `if` without its `end`");
    this.#at += 1;
    return nodes;
  }
}

const WORD = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|"`]+)/uy;

function pipelineOf(text: string): Pipeline {
  const words: string[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.trimEnd().length) {
    const found = WORD.exec(text);
    if (found?.[1] === undefined) throw new UnknownTemplate(`\`${text}\``);
    words.push(found[1]);
  }
  const { pipeline, rest } = readPipeline(words);
  if (rest.length > 0) throw new UnknownTemplate(`\`${text}\``);
  return pipeline;
}

function readPipeline(words: readonly string[]): { pipeline: Pipeline; rest: readonly string[] } {
  const commands: Operand[][] = [[]];
  let rest = words;
  for (;;) {
    const [word, ...more] = rest;
    if (word === undefined || word === ")") return { pipeline: commands, rest };
    rest = more;
    if (word === "|") commands.push([]);
    else if (word === "(") {
      const inner = readPipeline(rest);
      if (inner.rest[0] !== ")") throw new UnknownTemplate("an unclosed `(`");
      rest = inner.rest.slice(1);
      commands.at(-1)?.push({ kind: "pipeline", pipeline: inner.pipeline });
    } else commands.at(-1)?.push(operandOf(word));
  }
}

function operandOf(word: string): Operand {
  if (word.startsWith('"')) return { kind: "literal", value: JSON.parse(word) as string };
  if (word.startsWith("`")) return { kind: "literal", value: word.slice(1, -1) };
  if (/^-?\d+$/u.test(word)) return { kind: "literal", value: word };
  if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
  if (word.startsWith("."))
    return { kind: "field", path: word.split(".").filter((part) => part !== "") };
  if (/^[A-Za-z][A-Za-z0-9]*$/u.test(word)) return { kind: "name", name: word };
  throw new UnknownTemplate(`\`${word}\``);
}
