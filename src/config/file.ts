import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { defined } from "../model/defined.ts";
import { everyVariable, unknownVariables } from "../model/template.ts";
import { variable } from "./arguments.ts";
import { type ConfigFault, InvalidConfig, suggest } from "./config-error.ts";
import type { Given } from "./given-input.ts";
import type { Input, InputSource } from "./input-types.ts";
import { buildInputs, type InputName, inputs, kebab } from "./inputs.ts";

/** One row of `builds:` before its values are read. */
export interface GivenBuild {
  readonly where: string;
  readonly name?: string;
  readonly binary?: string;
  readonly given: readonly Given[];
}

export interface FileContents {
  readonly given: readonly Given[];
  readonly builds: readonly GivenBuild[];
  /** What is wrong with its shape; values are judged later, and all is told together. */
  readonly faults: readonly ConfigFault[];
}

/** What a file may say: it describes what is built, and decides nothing that is the caller's. */
export const fileInputs = (Object.keys(inputs) as InputName[]).filter((name) =>
  inputs[name].from.includes("file"),
);

/** What an absent or empty file says. */
export const noFile: FileContents = { given: [], builds: [], faults: [] };

/** Reads `.go-release.yaml`, each fault with its line and column. Throws `InvalidConfig` when it is not YAML. */
export function readFile(source: string, path: string): FileContents {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new InvalidConfig(
      document.errors.map((error) => ({ where: place(error.pos[0]), ...malformed(error, source) })),
    );
  }
  visit(document, { Scalar: (_, node) => keepDigits(node) });
  const root = document.contents as Node | null;
  if (root === null || (isScalar(root) && root.value === null)) return noFile;
  if (!isMap(root)) {
    throw new InvalidConfig([
      { where: place(root.range?.[0]), field: "", rule: "must be a mapping of inputs" },
    ]);
  }
  const reader = new Reader(place, (node) => node.toJS(document));
  const given = reader.entries(root, fileInputs, ["builds"]);
  const builds = reader.builds(root);
  return { given, builds, faults: reader.faults };
}

/** The library's own words are of its calls where they are not of the file. */
function malformed({ code, pos, message }: YAMLError, source: string): Omit<ConfigFault, "where"> {
  switch (code) {
    case "DUPLICATE_KEY":
      return { field: /^[^:\s]*/u.exec(source.slice(pos[0]))?.[0] ?? "", rule: "is given twice" };
    case "MULTIPLE_DOCS":
      return { field: "", rule: "must be a single YAML document", cure: "remove `---`" };
    default:
      return { field: "", rule: message };
  }
}

/** A version like 1.10 is no number: what would be written differently stays as it was written. */
function keepDigits(node: Scalar): void {
  if (
    typeof node.value === "number" &&
    node.source !== undefined &&
    String(node.value) !== node.source
  )
    node.value = node.source;
}

type Path = readonly (string | number)[];

/** The node at the end of a way, or the last one on it. */
function at(node: Node | null, [first, ...rest]: Path): Node | null {
  if (first === undefined || node === null) return node;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === first);
    const inside = (pair?.value ?? pair?.key) as Node | null | undefined;
    return inside === undefined || inside === null ? node : at(inside, rest);
  }
  if (!isSeq(node) || typeof first !== "number") return node;
  const item = node.items[first] as Node | undefined;
  return item === undefined ? node : at(item, rest);
}

/** What is wrong with the name of a build or of its program, which may be a template and lie in a folder. */
function brokenRule(key: "name" | "binary", value: unknown): string | undefined {
  const plain = "must be letters, digits, `.`, `_`, `+`, `-`";
  if (typeof value !== "string") return plain;
  if (key === "name") return NAME.test(value) ? undefined : plain;
  const [unknown] = unknownVariables(value, everyVariable);
  if (unknown !== undefined) return `has the unknown variable {${unknown}}`;
  const parts = value.replaceAll(/\{[^{}]*\}/gu, "x").split("/");
  return parts.every((part) => NAME.test(part))
    ? undefined
    : `${plain}; folders in front of it end with \`/\``;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/u;

class Reader {
  readonly faults: ConfigFault[] = [];
  readonly #place: (offset: number | undefined) => string;
  readonly #data: (node: Node) => unknown;

  constructor(place: (offset: number | undefined) => string, data: (node: Node) => unknown) {
    this.#place = place;
    this.#data = data;
  }

  /** The inputs a mapping sets, unknown keys reported; `also` are keys that somebody else reads. */
  entries(map: YAMLMap, known: readonly InputName[], also: readonly string[]): readonly Given[] {
    const names = new Map(known.map((name) => [kebab(name), name]));
    return map.items.flatMap((pair): Given[] => {
      const key = pair.key as Node;
      const written = String(isScalar(key) ? key.value : key);
      if (also.includes(written)) return [];
      const name = names.get(written);
      if (name === undefined) {
        this.faults.push({
          where: this.#place(key.range?.[0]),
          ...this.#unknown(written, [...names.keys(), ...also]),
        });
        return [];
      }
      const value = pair.value as Node | null;
      const raw = value === null ? null : this.#read(value, written);
      const where = this.#place((value ?? key).range?.[0]);
      const locate = (path: Path): string =>
        this.#place((at(value, path) ?? value ?? key).range?.[0]);
      return raw === null ? [] : [{ name, raw, where, locate, from: "file" }];
    });
  }

  /** An alias may stand for nothing, or for more than the library is willing to unfold. */
  #read(node: Node, field: string): unknown {
    try {
      return this.#data(node);
    } catch (error) {
      this.#fault(node, field, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  builds(root: YAMLMap): readonly GivenBuild[] {
    const node = root.get("builds", true) as Node | undefined;
    if (node === undefined) return [];
    if (!isSeq(node)) {
      this.#fault(node, "builds", "must be a list");
      return [];
    }
    return node.items.flatMap((item) => {
      const row = item as Node;
      if (isMap(row)) return [this.#build(row)];
      this.#fault(row, "builds", "must be a mapping of inputs");
      return [];
    });
  }

  #build(row: YAMLMap): GivenBuild {
    const own = ["name", "binary"] as const;
    const texts = own.flatMap((key) => {
      const node = row.get(key, true) as Node | undefined;
      if (node === undefined) return [];
      const value = isScalar(node) ? node.value : undefined;
      const rule = brokenRule(key, value);
      if (rule === undefined) return [[key, value as string] as const];
      this.#fault(node, key, rule);
      return [];
    });
    return {
      where: this.#place(row.range?.[0]),
      ...Object.fromEntries(texts),
      given: this.entries(row, Object.keys(buildInputs) as InputName[], own),
    };
  }

  #unknown(written: string, known: readonly string[]): Omit<ConfigFault, "where"> {
    const name = (Object.keys(inputs) as InputName[]).find((one) => kebab(one) === written);
    if (name !== undefined) return { field: written, ...misplaced(name) };
    const cure = suggest(written, known);
    return defined({ field: written, rule: "unknown key", cure });
  }

  #fault(node: Node, field: string, rule: string): void {
    this.faults.push({ where: this.#place(node.range?.[0]), field, rule });
  }
}

/** Why an input cannot stand where it stands, and where it can. */
function misplaced(name: InputName): Pick<ConfigFault, "rule" | "cure"> {
  const { kind, from, decides }: Input<unknown> = inputs[name];
  if (from.includes("file"))
    return { rule: "cannot be set here", cure: "write it at the top of the file" };
  if (kind === "secret")
    return { rule: "is a secret and cannot be given in a file", cure: "set it in the environment" };
  const places = from.map((source) => placeOf(name, source));
  return {
    rule: `cannot be set in a committed file, because it decides ${decides}`,
    cure: `give it as ${places.slice(0, -1).join(", ")} or ${places.at(-1)}`,
  };
}

function placeOf(name: InputName, source: InputSource): string {
  switch (source) {
    case "flag":
      return `a flag (\`--${kebab(name)}\`)`;
    case "host":
      return "an action or component input";
    case "environment":
      return variable(name);
    case "file":
      return "a key of the file";
  }
}
