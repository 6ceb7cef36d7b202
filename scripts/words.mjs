// Every string of the sources that people can read, each with its place: `npm run words [folder…]`.
import { fileURLToPath } from "node:url";
import { find, readSources, walk } from "./sources.mjs";

/** Literals and templates that hold words, in the order of the files; `{}` stands for what is filled in. */
export function wordsIn(sources) {
  return sources.flatMap((source) =>
    find(source, "Literal", "TemplateLiteral")
      .filter(({ above }) => !isForMachines(above))
      .map(({ node, where }) => ({ where, text: textOf(node) }))
      .filter(({ text }) => text !== undefined && READS.test(text)),
  );
}

/** Two words in a row; one alone is a name, a path or a code. */
const READS = /[\p{L}\d`)}”…][,;:.]?\s+[-→“`({]*[\p{L}\d]/u;

/** What a literal or a template says, if it is text; `{}` stands for what is filled in. */
export function textOf(node) {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral")
    return node.quasis.map(({ value }) => value.cooked).join("{}");
  return undefined;
}

/** Types, imports, patterns and bugs of ours (`new Error`), which nobody who uses the program reads. */
function isForMachines(above) {
  return above.some(
    ({ type, callee }) =>
      /^(Import|Export(All|Named.*from)|TS(Literal|TemplateLiteral)Type|TSImportType)/u.test(
        type,
      ) ||
      (type === "NewExpression" && callee.name === "Error"),
  );
}

/** Every cure that an error can name, as far as it is written in the sources. */
export function hintsIn(sources) {
  const house = new House(sources);
  const found = sources.flatMap((source) =>
    find(source, "Property")
      .filter(({ node }) => CURES.test(node.key.name ?? ""))
      .flatMap(({ node, above, where }) =>
        house.texts(node.value, { source, above }).map((text) => ({ where, text })),
      ),
  );
  return [...new Map(found.map((hint) => [`${hint.where} ${hint.text}`, hint])).values()];
}

const CURES = /^(hint|hints|cure|cures)$/u;

/** Follows an expression to the texts that it may be. */
class House {
  #sources;

  constructor(sources) {
    this.#sources = new Map(sources.map((source) => [source.path, source]));
  }

  texts(node, at, seen = new Set()) {
    if (!node || seen.has(node)) return [];
    seen.add(node);
    const follow = (...nodes) => nodes.flatMap((next) => this.texts(next, at, seen));
    switch (node.type) {
      case "Literal":
      case "TemplateLiteral":
        return [textOf(node)].filter((text) => text !== undefined);
      case "ConditionalExpression":
        return follow(node.consequent, node.alternate);
      case "LogicalExpression":
        return follow(node.left, node.right);
      case "AssignmentPattern":
        return follow(node.right);
      case "ObjectExpression":
        return follow(...node.properties.map(({ value }) => value));
      case "Identifier":
        return this.#named(node.name, at, seen);
      case "CallExpression":
        return node.callee.type === "Identifier" ? this.#named(node.callee.name, at, seen) : [];
      case "ArrowFunctionExpression":
      case "FunctionDeclaration":
        return this.#results(node, at, seen);
      default:
        return [];
    }
  }

  /** What a name stands for: a variable, a function's results, or what a parameter is called with. */
  #named(name, at, seen) {
    const { source } = at;
    const imported = this.#importOf(name, source);
    if (imported) return this.#named(name, { source: imported, above: [] }, seen);
    const variables = find(source, "VariableDeclarator", "FunctionDeclaration")
      .filter(({ node }) => node.id?.name === name)
      .flatMap(({ node, above }) => this.texts(node.init ?? node, { source, above }, seen));
    const parameters = find(source, "FunctionDeclaration", "ArrowFunctionExpression").flatMap(
      ({ node, above }) => {
        const position = node.params.findIndex((one) => (one.left ?? one).name === name);
        const called = node.id?.name ?? above.at(-1)?.id?.name;
        return position < 0 || !called
          ? []
          : [
              ...this.texts(node.params[position], at, seen),
              ...this.#arguments(called, position, source, seen),
            ];
      },
    );
    return [...variables, ...parameters];
  }

  #importOf(name, source) {
    const statement = source.program.body.find(
      ({ type, specifiers }) =>
        type === "ImportDeclaration" && specifiers.some(({ local }) => local.name === name),
    );
    const target = source.imports.find(
      (one) => statement && one.target.endsWith(statement.source.value.replace(/^[./]+/u, "")),
    );
    return this.#sources.get(target?.target ?? "");
  }

  /** What a function is given at one position, wherever it is called by its name. */
  #arguments(name, position, { path }, seen) {
    return [...this.#sources.values()]
      .filter((source) => source.path === path || this.#importOf(name, source)?.path === path)
      .flatMap((source) =>
        find(source, "CallExpression")
          .filter(({ node }) => node.callee.name === name)
          .flatMap(({ node, above }) =>
            this.texts(node.arguments[position], { source, above }, seen),
          ),
      );
  }

  #results({ body }, at, seen) {
    if (body.type !== "BlockStatement") return this.texts(body, at, seen);
    const returned = [];
    walk(body, (node) => {
      if (node.type === "ReturnStatement") returned.push(node.argument);
    });
    return returned.flatMap((node) => this.texts(node, at, seen));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const root = fileURLToPath(new URL("../src", import.meta.url));
  const sources = readSources(root).filter(
    ({ path }) => wanted.length === 0 || wanted.some((part) => `src/${path}`.startsWith(part)),
  );
  for (const { where, text } of wordsIn(sources))
    process.stdout.write(`src/${where}\t${JSON.stringify(text)}\n`);
}
