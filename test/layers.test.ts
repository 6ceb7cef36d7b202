import { describe, expect, it } from "vitest";
import type { SourceFile } from "../scripts/sources.mjs";
import { circles, codeOf, house, loadedBy, offenders, roomOf, sourceAt } from "./support/house.ts";

/** The rooms of docs/architecture.md from the ground up: one imports only what stands above it here. */
const LAYERS: readonly (readonly string[])[] = [
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

/** Neighbours that know each other, and why. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  "release.ts → release": "the story on one page and its chapters",
};

function levelOf(room: string): number {
  return LAYERS.findIndex((layer) => layer.includes(room));
}

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const arrows: readonly Arrow[] = house.flatMap(({ path, imports }) =>
  imports
    .filter(({ target }) => target.endsWith(".ts") && roomOf(target) !== roomOf(path))
    .map(({ target }) => ({ from: path, to: target })),
);

describe("the arrows between the rooms", () => {
  it("know every room", () => {
    const rooms = [...new Set(house.map(({ path }) => roomOf(path)))].sort();
    expect(rooms).toEqual(LAYERS.flat().sort());
  });

  it("run one way", () => {
    const wrong = arrows.filter(({ from, to }) => {
      const up = levelOf(roomOf(from)) - levelOf(roomOf(to));
      return up < 0 || (up === 0 && !(`${roomOf(from)} → ${roomOf(to)}` in NEIGHBOURS));
    });
    expect(wrong).toEqual([]);
  });

  it("make no exception that nobody needs", () => {
    const met = new Set(arrows.map(({ from, to }) => `${roomOf(from)} → ${roomOf(to)}`));
    expect(Object.keys(NEIGHBOURS).filter((arrow) => !met.has(arrow))).toEqual([]);
  });

  it("lead no file back to itself, inside a room neither", () => {
    expect(circles()).toEqual([]);
  });
});

function imports(pattern: RegExp) {
  return (source: SourceFile) => source.imports.some(({ target }) => pattern.test(target));
}

describe("what only some may touch", () => {
  it("effects belong to the world's one folder", () => {
    const effects =
      /^node:(fs|fs\/promises|child_process|http|https|http2|net|tls|dns|dgram|process|worker_threads|cluster|os|timers\/promises)$|^(undici|@actions\/(exec|tool-cache|io))$/u;
    expect(offenders(/^world\/node(\/|\.ts$)/u, imports(effects))).toEqual([]);
  });

  it.each([
    ["asks a server", /\bhttp\(|\.http\(/u, /^(net|world)\//u],
    ["sleeps", /\.sleep\(|\bsetTimeout\(|\bsetInterval\(/u, /^(net|world\/node)\/|^index\.ts$/u],
    ["tries again", /\bfor \(let (attempt|nth|tries|look|pause)\b/u, /^(net|world\/node)\//u],
    ["reads how long to wait", /retry-after|ratelimit/iu, /^net\//u],
    ["follows a redirect", /\["location"\]|\.location\b|\{ location\b/u, /^net\//u],
    ["hides a secret in a text", /replace(All)?\([^\n]*"\*\*\*"\)/u, /^net\//u],
  ])("only the network's room %s", (_, sign, allowed) => {
    expect(offenders(allowed, (source) => sign.test(codeOf(source)))).toEqual([]);
  });

  it("chance and the time belong to the world", () => {
    const sources =
      /\bMath\.random\b|\brandom(UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b|\bperformance\.now\b|\bhrtime\b/u;
    expect(offenders(/^world\/node\//u, (source) => sources.test(codeOf(source)))).toEqual([]);
  });

  it("the process and the global network belong to the world and the door", () => {
    // What this Node can do (`process.versions`) is no effect.
    const globals =
      /\bprocess\.(?!versions?\b)|\bfetch\(|\bglobalThis\b|\bDate\.now\b|\bnew Date\(\)/u;
    expect(
      offenders(/^(world\/node\/|index\.ts$)/u, (source) => globals.test(codeOf(source))),
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
    expect(offenders(/^hosts\/gitlab-ci\//u, (source) => read.test(codeOf(source)))).toEqual([]);
  });

  it("the model stands on zod and the form of paths alone", () => {
    const others = house
      .filter(({ path }) => path.startsWith("model/"))
      .flatMap(({ path, imports }) =>
        imports
          .filter(
            ({ target }) =>
              target !== "zod/mini" && target !== "node:path" && !target.startsWith("model/"),
          )
          .map(({ target }) => `${path} → ${target}`),
      );
    expect(others).toEqual([]);
  });
});

describe("planning is pure", () => {
  const loaded = loadedBy(
    house.filter(({ path }) => path.startsWith("plan/")).map(({ path }) => path),
  );
  /** Computes and touches nothing. */
  const PURE = /^(node:(path|crypto)|fastest-levenshtein|markdown-it|semver|picomatch|zod\/mini)$/u;

  it("loads no package with an effect, however far away", () => {
    const packages = [...loaded].filter(([target]) => !/\.(ts|json)$/u.test(target));
    expect(packages.filter(([target]) => !PURE.test(target))).toEqual([]);
  });

  it("loads nothing that could be handed an effect: who knows the world or git, if by type", () => {
    const knowing = [...loaded.keys()].flatMap((path) =>
      (sourceAt(path)?.imports ?? [])
        .filter(({ target }) => /^world\/|^git\/git\.ts$|^forges\//u.test(target))
        .map(({ target }) => `${path} → ${target}`),
    );
    expect(knowing).toEqual([]);
  });

  it("waits for nothing", () => {
    const waiting = [...loaded.keys()].filter((path) => {
      const source = sourceAt(path);
      return source !== undefined && /\b(async|await)\b/u.test(codeOf(source));
    });
    expect(waiting).toEqual([]);
  });
});
