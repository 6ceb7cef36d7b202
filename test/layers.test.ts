import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = new URL("../src/", import.meta.url).pathname;

interface Source {
  /** Relative to `src`. */
  readonly path: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => ({ path, text: readFileSync(join(SOURCE, path), "utf8") }));

/** What a file imports, types included: packages by name, own files relative to `src`. */
function importsOf({ path, text }: Source): readonly string[] {
  return [...text.matchAll(/\b(?:from|import\()\s*"([^"]+)"/gu)].map(([, target = ""]) =>
    target.startsWith(".") ? posix.join(posix.dirname(path), target) : target,
  );
}

/** The folder or file at the top of `src` that a path belongs to. */
function partOf(path: string): string {
  return path.split("/")[0] ?? path;
}

/** DESIGN.md's arrows, from the ground up: a part imports only what stands above it here. */
const LAYERS: readonly (readonly string[])[] = [
  ["model", "markdown"],
  ["world"],
  ["archives", "checksums", "sboms", "provenance", "signers", "forges", "go", "output"],
  ["git"],
  ["verification"],
  ["config"],
  ["facts"],
  ["plan"],
  ["report"],
  ["hosts"],
  ["traces"],
  ["release", "release.ts"],
  ["app"],
  ["commands"],
  ["main.ts"],
  ["index.ts"],
];

/** Neighbours that know each other, and why. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  "release.ts → release": "the story on one page and its chapters",
};

function levelOf(part: string): number {
  return LAYERS.findIndex((layer) => layer.includes(part));
}

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const arrows: readonly Arrow[] = sources.flatMap((source) =>
  importsOf(source)
    .filter((target) => target.endsWith(".ts") && partOf(target) !== partOf(source.path))
    .map((to) => ({ from: source.path, to })),
);

describe("the arrows between the parts", () => {
  it("know every part", () => {
    const parts = [...new Set(sources.map(({ path }) => partOf(path)))].sort();
    expect(parts).toEqual(LAYERS.flat().sort());
  });

  it("run one way", () => {
    const wrong = arrows.filter(({ from, to }) => {
      const up = levelOf(partOf(from)) - levelOf(partOf(to));
      return up < 0 || (up === 0 && !(`${partOf(from)} → ${partOf(to)}` in NEIGHBOURS));
    });
    expect(wrong).toEqual([]);
  });

  it("make no exception that nobody needs", () => {
    const met = new Set(arrows.map(({ from, to }) => `${partOf(from)} → ${partOf(to)}`));
    expect(Object.keys(NEIGHBOURS).filter((arrow) => !met.has(arrow))).toEqual([]);
  });
});

/** Files that break a rule, by what they import or say. */
function offenders(allowed: RegExp, breaks: (source: Source) => boolean): readonly string[] {
  return sources
    .filter((source) => !allowed.test(source.path) && breaks(source))
    .map(({ path }) => path);
}

function imports(pattern: RegExp) {
  return (source: Source) => importsOf(source).some((target) => pattern.test(target));
}

/** The text without its comments: a word in prose breaks no rule. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/(^|\s)\/\/.*$/gmu, "$1");
}

describe("what only some may touch", () => {
  it("effects belong to the world's one folder", () => {
    const effects =
      /^node:(fs|fs\/promises|child_process|http|https|http2|net|tls|dns|dgram|process|worker_threads|cluster|os|timers\/promises)$|^(undici|@actions\/(exec|tool-cache|io))$/u;
    expect(offenders(/^world\/node(\/|\.ts$)/u, imports(effects))).toEqual([]);
  });

  it("the process and the global network belong to the world and the door", () => {
    // What this Node can do (`process.versions`) is no effect.
    const globals =
      /\bprocess\.(?!versions?\b)|\bfetch\(|\bglobalThis\b|\bDate\.now\b|\bnew Date\(\)/u;
    expect(
      offenders(/^(world\/node\/|index\.ts$)/u, ({ text }) => globals.test(code(text))),
    ).toEqual([]);
  });

  it("@actions/core belongs to its host", () => {
    expect(offenders(/^hosts\/github-actions\//u, imports(/^@actions\/core$/u))).toEqual([]);
  });

  it("the Octokit belongs to its forge", () => {
    expect(offenders(/^forges\/github\//u, imports(/^(@actions\/github|@octokit\/.*)$/u))).toEqual(
      [],
    );
  });

  it("GitLab's variables belong to its host", () => {
    // Words to people may name them.
    const read = /\["CI_[A-Z_]+"\]|\bCI_[A-Z_]+:|\.CI_[A-Z_]+/u;
    expect(offenders(/^hosts\/gitlab-ci\//u, ({ text }) => read.test(code(text)))).toEqual([]);
  });

  it("the model stands on zod and the form of paths alone", () => {
    const others = sources
      .filter(({ path }) => path.startsWith("model/"))
      .flatMap((source) =>
        importsOf(source)
          .filter(
            (target) =>
              target !== "zod/mini" && target !== "node:path" && !target.startsWith("model/"),
          )
          .map((target) => `${source.path} → ${target}`),
      );
    expect(others).toEqual([]);
  });
});
