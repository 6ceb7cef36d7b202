import type { Node } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { find, functionsOf, parseSource, type SourceFile } from "../scripts/sources.mjs";
import { hintsIn, textOf, wordsIn } from "../scripts/words.mjs";
import { codeOf, house, offenders } from "./support/house.ts";

describe("names", () => {
  it("of exported interfaces, types and classes occur once in the house", () => {
    const places = new Map<string, Set<string>>();
    for (const source of house)
      for (const name of exportedTypes(source))
        places.set(name, (places.get(name) ?? new Set()).add(source.path));
    const twice = [...places].filter(([, paths]) => paths.size > 1);
    expect(twice.map(([name, paths]) => `${name}: ${[...paths].join(", ")}`)).toEqual([]);
  });
});

/** A schema and the type that is read with it are one noun. */
function exportedTypes({ program }: SourceFile): readonly string[] {
  return program.body.flatMap((statement) => {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : null;
    switch (declared?.type) {
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
      case "ClassDeclaration":
        return declared.id === null ? [] : [declared.id.name];
      default:
        return [];
    }
  });
}

describe("functions", () => {
  const LONGEST = 40;
  /** Functions that stay longer, each with its reason. */
  const LONG: Readonly<Record<string, string>> = {};

  it(`have ${LONGEST} lines at most`, () => {
    const long = house.flatMap(functionsOf).filter(({ lines }) => lines > LONGEST);
    const named = long.map(({ path, name, lines }) => ({ name: `${path} ${name}`, lines }));
    expect(named.filter(({ name }) => !Object.hasOwn(LONG, name))).toEqual([]);
  });

  it("at the top of a file are declared, unless a contract gives them their type", () => {
    const arrows = house.flatMap((source) =>
      find(source, "VariableDeclarator")
        .filter(
          ({ node, above }) =>
            above.every(({ type }) => OUTERMOST.test(type)) &&
            /Function/u.test(node.init?.type ?? "") &&
            !("typeAnnotation" in node.id && node.id.typeAnnotation),
        )
        .map(({ where }) => where),
    );
    expect(arrows).toEqual([]);
  });
});

const OUTERMOST = /^(Program|ExportNamedDeclaration|VariableDeclaration)$/u;

describe("hints", () => {
  const hints = hintsIn(house);
  /** Words that have a capital anywhere. */
  const PROPER = /^(Go|GitHub|GitLab|Fulcio|Rekor|Node|Windows|macOS|Linux)\b/u;

  it("are found", () => {
    expect(hints.length).toBeGreaterThan(200);
  });

  it("begin with a small letter, unless with a name", () => {
    expect(hints.filter(({ text }) => /^\p{Lu}\p{Ll}/u.test(text) && !PROPER.test(text))).toEqual(
      [],
    );
  });

  it("have no full stop", () => {
    expect(hints.filter(({ text }) => /(?<!\.\.)\.$|\.\s+\p{Lu}/u.test(text))).toEqual([]);
  });
});

describe("npm run words", () => {
  it("lists what people can read, with its place, and nothing of types, imports and bugs", () => {
    const source = parseSource(
      "a.ts",
      [
        'import x from "a package of words";',
        'type T = "a type of words";',
        'if (x) throw new Error("a bug of words");',
        "export const said = [`${x} is not here`, 'tar.gz', \"one more thing\"];",
      ].join("\n"),
    );
    expect(wordsIn([source])).toEqual([
      { where: "a.ts:4", text: "{} is not here" },
      { where: "a.ts:4", text: "one more thing" },
    ]);
  });

  it("follows a hint through names, calls and parameters", () => {
    const source = parseSource(
      "a.ts",
      [
        'const CURE = "set it";',
        "const a = { hint: CURE };",
        "function refuse(cure: string) { return { hint: cure }; }",
        'refuse(x ? "give it" : other());',
        'function other() { return "leave it"; }',
      ].join("\n"),
    );
    const texts = hintsIn([source]).map(({ text }) => text);
    expect(texts.sort()).toEqual(["give it", "leave it", "set it"]);
  });
});

describe("steps are data", () => {
  it("no text of one is taken apart again", () => {
    const apart =
      /(formatStep|subjectOf)\([^()]*\)\s*\.(split|slice|match|startsWith)|\bof\.(split|slice|match|startsWith)\(/u;
    expect(offenders(/^model\/step\.ts$/u, (source) => apart.test(codeOf(source)))).toEqual([]);
  });
});

describe("only report lays out what people read", () => {
  /** What is released as it is written there, and no word about a run. */
  const RELEASED =
    /^(report\/|plan\/(commit-)?notes|facts\/notes|forges\/(github|gitlab)\/notes\.ts$)/u;

  it("columns", () => {
    // `padStart(2, "0")` writes digits.
    const aligned = /\.pad(End|Start)\((?![^()]*"[^" ]")/u;
    expect(offenders(RELEASED, (source) => aligned.test(codeOf(source)))).toEqual([]);
  });

  it("Markdown and marks", () => {
    const marks = /^(#{2,6} |\| |`{3}|<details|[✓✗→…] )/u;
    expect(
      offenders(RELEASED, (source) => stringsOf(source).some((text) => marks.test(text))),
    ).toEqual([]);
  });

  it("units of sizes and durations, but for the limit that an error names", () => {
    const units = /\{\} ?(ms|s|min|B|[KMG]i?B)\b/u;
    const measured = (source: SourceFile): boolean =>
      find(source, "TemplateLiteral").some(
        ({ node, above }) => units.test(textOf(node) ?? "") && !isFailure(above),
      );
    expect(offenders(RELEASED, measured)).toEqual([]);
  });

  it("the sentences of hosts, but for what is wrong with what they were given", () => {
    const spoken = house
      .filter(({ path }) => path.startsWith("hosts/"))
      .flatMap((source) => find(source, "Literal", "TemplateLiteral"))
      .filter(({ node, above }) => SENTENCE.test(textOf(node) ?? "") && !isFailure(above))
      .map(({ where }) => where);
    expect(spoken).toEqual([]);
  });
});

const SENTENCE = /\p{L}+ \p{L}+ \p{L}+/u;

function isFailure(above: readonly Node[]): boolean {
  return above.some(
    (node) =>
      node.type === "NewExpression" &&
      node.callee.type === "Identifier" &&
      /^(Problem|Usage|Error)$/u.test(node.callee.name),
  );
}

/** Every text of a file. */
function stringsOf(source: SourceFile): readonly string[] {
  return find(source, "Literal", "TemplateLiteral").flatMap(({ node }) => textOf(node) ?? []);
}
