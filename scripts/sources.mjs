// The sources as syntax trees: what the walls' tests and `npm run words` look at.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, visitorKeys } from "oxc-parser";

/** Every source below `folder`, by path relative to it. */
export function readSources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .sort()
    .map((path) =>
      parseSource(path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")),
    );
}

export function parseSource(path, text) {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const lineOf = (offset) => starts.findLastIndex((start) => start <= offset) + 1;
  return { path, text, program, lineOf, imports: importsOf(path, module, text) };
}

/** Own files are relative to the folder; `atRunTime` is false of what only the types need. */
function importsOf(path, { staticImports, staticExports, dynamicImports }, text) {
  const resolved = (target) =>
    target.startsWith(".") ? posix.join(posix.dirname(path), target) : target;
  const byStatement = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      target: moduleRequest.value,
      atRunTime: entries.length === 0 || entries.some(({ isType }) => !isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? [{ target: moduleRequest.value, atRunTime: !isType }] : [],
      ),
    ),
    ...[...text.matchAll(/\bimport\("([^"]+)"\)/gu)].map(({ index, 1: target }) => ({
      target,
      // `typeof import("x")` and `import("x").Type` load nothing.
      atRunTime: dynamicImports.some(({ start }) => start === index),
    })),
  ];
  return byStatement.map(({ target, atRunTime }) => ({ target: resolved(target), atRunTime }));
}

/** Calls `visit` for a node and all below it, with those above it, outermost first. */
export function walk(node, visit, above = []) {
  visit(node, above);
  const inside = [...above, node];
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [node[key]].flat()) if (child) walk(child, visit, inside);
  }
}

export function find(source, ...types) {
  const found = [];
  walk(source.program, (node, above) => {
    if (types.includes(node.type))
      found.push({ node, above, where: `${source.path}:${source.lineOf(node.start)}` });
  });
  return found;
}

/** Every function that has a body: its name, or what it is the value of, and how many lines it takes. */
export function functionsOf(source) {
  const types = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
  return find(source, ...types)
    .filter(({ node }) => node.body)
    .map(({ node, above }) => {
      const owner = above.at(-1);
      return {
        path: source.path,
        name: node.id?.name ?? owner?.key?.name ?? owner?.id?.name ?? "(anonymous)",
        lines: source.lineOf(node.end) - source.lineOf(node.start) + 1,
      };
    });
}
