import { readSources, type SourceFile } from "../../scripts/sources.mjs";

/** The rooms of docs/architecture.md from the ground up: one imports only what stands above it here. */
export const LAYERS: readonly (readonly string[])[] = [
  ["model", "markdown"],
  ["world"],
  ["net"],
  ["archives", "checksums", "sboms", "provenance", "signers", "forges", "go", "output"],
  ["channels", "git", "images", "installers", "tools"],
  ["verification"],
  ["config"],
  ["facts"],
  ["plan"],
  ["migration"],
  ["report"],
  ["hosts"],
  ["traces"],
  ["release", "release.ts"],
  ["app"],
  ["commands"],
  ["main.ts"],
  ["index.ts"],
];

/** Every source of the program, by path relative to `src`. */
export const house: readonly SourceFile[] = readSources(
  new URL("../../src/", import.meta.url).pathname,
);

export function sourceAt(path: string): SourceFile | undefined {
  return house.find((source) => source.path === path);
}

/** The folder or file at the top of `src` that a path belongs to. */
export function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** The text without its comments: a word in prose breaks no rule. */
export function codeOf({ text }: SourceFile): string {
  return text.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/(^|\s)\/\/.*$/gmu, "$1");
}

/** Paths of the files that break a rule, outside those where it does not hold. */
export function offenders(
  allowed: RegExp,
  breaks: (source: SourceFile) => boolean,
): readonly string[] {
  return house
    .filter((source) => !allowed.test(source.path) && breaks(source))
    .map(({ path }) => path);
}

/** What a part of the house loads when it runs, each file with one that imports it. */
export function loadedBy(paths: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map(paths.map((path) => [path, path]));
  for (const path of found.keys()) {
    for (const { target, atRunTime } of sourceAt(path)?.imports ?? []) {
      if (atRunTime && !found.has(target)) found.set(target, path);
    }
  }
  return found;
}

/** The shortest ways from a file back to itself, types included; one for each circle. */
export function circles(): readonly string[] {
  const found = new Map<string, string>();
  for (const { path } of house) {
    const way = wayBack(path);
    if (way !== undefined) found.set([...way].sort().join(), [...way, path].join(" → "));
  }
  return [...found.values()];
}

function wayBack(start: string): readonly string[] | undefined {
  const queue: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of queue) {
    for (const { target } of sourceAt(way.at(-1) ?? "")?.imports ?? []) {
      if (target === start) return way;
      if (!seen.has(target)) queue.push([...way, target]);
      seen.add(target);
    }
  }
  return undefined;
}
