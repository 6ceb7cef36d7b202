import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import pkg from "../package.json" with { type: "json" };
import { LAYERS } from "./support/house.ts";

const docs = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));
const pages = ["README.md", "CONTRIBUTING.md", "RELEASING.md", ...docs];

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf8");

  it("names files that exist", () => {
    const named = [...text.matchAll(/`((?:src|test|scripts)\/[\w./-]+)`/gu)].map(
      ([, path]) => path,
    );
    expect(named.filter((path) => !existsSync(path ?? ""))).toEqual([]);
  });

  it("names commands that exist", () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/gu)].map(([, script]) => script ?? "");
    expect(named.filter((script) => !Object.hasOwn(pkg.scripts, script))).toEqual([]);
  });
});

it.each(docs)("%s: links lead to files", (page) => {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#:]+)\)/gu)].map(
    ([, link = ""]) => link,
  );
  expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
});

describe("docs/architecture.md", () => {
  const text = readFileSync("docs/architecture.md", "utf8");

  it("lists every room of the house, layer by layer", () => {
    const [, list = ""] = /^## The rooms\n([^]*?)^(?:## |Outside )/mu.exec(text) ?? [];
    const layers = list
      .split(/\n\n/u)
      .map((paragraph) =>
        [...paragraph.matchAll(/^ {4}(\S.*)$/gmu)].flatMap(([, line = ""]) =>
          (line.split(/ {2,}/u)[0] ?? "").split(" "),
        ),
      )
      .filter((layer) => layer.length > 0);
    const sorted = (all: readonly (readonly string[])[]) => all.map((layer) => [...layer].sort());
    expect(sorted(layers).reverse()).toEqual(sorted(LAYERS));
  });

  it("names functions that are in the file it names", () => {
    const named = [...text.matchAll(/`(\w+)`(?: and `(\w+)`)? in `(src\/[\w./-]+\.ts)`/gu)];
    const missing = named.flatMap(([, first, second, path = ""]) =>
      [first, second].filter(
        (name) => name !== undefined && !readFileSync(path, "utf8").includes(name),
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(missing).toEqual([]);
  });
});
