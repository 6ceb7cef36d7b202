import { LineCounter, parseDocument } from "yaml";
import { Problem } from "../model/problem.ts";

/** A configuration of GoReleaser, includes merged, with the lines that its keys stand in. */
export interface GoReleaserFile {
  readonly data: Readonly<Record<string, unknown>>;
  /** The line of a top-level key, counted from 1; undefined for what an included file says. */
  readonly lineOf: (key: string) => number | undefined;
  /** Files that are included and could not be read. */
  readonly missing: readonly string[];
}

/** Reads an included file: a path, or a URL. Undefined when it cannot be had. */
export type ReadIncluded = (source: string) => Promise<string | undefined>;

/**
 * What a file says, over what it includes (goreleaser.com/customization/includes). Throws a `Problem` when it is
 * not YAML.
 */
export async function readGoReleaser(
  text: string,
  path: string,
  included: ReadIncluded,
): Promise<GoReleaserFile> {
  const { document, data: own, lines } = parsed(text, path);
  const missing: string[] = [];
  const data = await withIncludes(own, included, missing, 0);
  return {
    data,
    missing,
    lineOf: (key) => {
      const node = document.get(key, true) as { range?: readonly number[] } | undefined;
      const pair = (document.contents as { items?: readonly YamlPair[] } | null)?.items?.find(
        (item) => item.key?.value === key,
      );
      const offset = pair?.key?.range?.[0] ?? node?.range?.[0];
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

interface YamlPair {
  readonly key?: { readonly value?: unknown; readonly range?: readonly number[] };
}

/** YAML as data. Throws a `Problem` where it is none, or an alias in it stands for nothing or for too much. */
function parsed(text: string, path: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // `<<: *defaults`, as Go's YAML has it.
    merge: true,
    prettyErrors: false,
    logLevel: "error",
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw malformed(`${path}:${line}:${col}`, error.message);
  }
  try {
    return { document, data: mapping(document.toJS()), lines };
  } catch (cause) {
    throw malformed(path, cause instanceof Error ? cause.message : String(cause));
  }
}

function malformed(where: string, message: string): Problem {
  return new Problem("migration-yaml", `${where}: ${message}`, {
    hint: "fix the file first: `goreleaser check` reads it too",
  });
}

/** What the file itself says wins; `variables` and the like are merged key by key. */
async function withIncludes(
  own: Readonly<Record<string, unknown>>,
  included: ReadIncluded,
  missing: string[],
  depth: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { includes, ...rest } = own;
  let merged: Readonly<Record<string, unknown>> = {};
  for (const source of sourcesOf(includes)) {
    const text = depth < MOST_DEPTH ? await included(source) : undefined;
    if (text === undefined) missing.push(source);
    else {
      const inner = parsed(text, source).data;
      merged = over(await withIncludes(inner, included, missing, depth + 1), merged);
    }
  }
  return over(rest, merged);
}

const MOST_DEPTH = 5;

function over(
  own: Readonly<Record<string, unknown>>,
  below: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const both = Object.keys(own).filter((key) => isMapping(own[key]) && isMapping(below[key]));
  return {
    ...below,
    ...own,
    ...Object.fromEntries(
      both.map((key) => [key, { ...mapping(below[key]), ...mapping(own[key]) }]),
    ),
  };
}

function sourcesOf(includes: unknown): readonly string[] {
  return listOf(includes).flatMap((one) => {
    const { from_file: file, from_url: url } = mapping(one);
    const path = mapping(file)["path"];
    const address = mapping(url)["url"];
    if (typeof path === "string") return [path];
    if (typeof address !== "string") return [];
    // `owner/repository/branch/path` is short for a raw file of GitHub.
    return [/^https?:/u.test(address) ? address : `https://raw.githubusercontent.com/${address}`];
  });
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping that a value is; an empty one for anything else. */
export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return isMapping(value) ? value : {};
}

/** The list that a value is, or holds alone. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The texts of a list; numbers as they are written. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) =>
    typeof one === "string" ? [one] : typeof one === "number" ? [String(one)] : [],
  );
}

/** The command of a hook, which may be a text or have keys of its own. */
export function commandOf(hook: unknown): string {
  return textOf(isMapping(hook) ? hook["cmd"] : hook) ?? "";
}

export function textOf(value: unknown): string | undefined {
  return textsOf(value)[0];
}
