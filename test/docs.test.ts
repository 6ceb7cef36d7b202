import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import pkg from "../package.json" with { type: "json" };
import { house, roomOf } from "./support/house.ts";

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

it("docs/architecture.md lists every room of the house", () => {
  const [, list = ""] =
    /^## The rooms\n([^]*?)^## /mu.exec(readFileSync("docs/architecture.md", "utf8")) ?? [];
  const listed = new Set(
    [...list.matchAll(/^ {4}(\S.*)$/gmu)].flatMap(([, line = ""]) =>
      (line.split(/ {2,}/u)[0] ?? "").split(" "),
    ),
  );
  const rooms = new Set(house.map(({ path }) => roomOf(path)));
  expect([...rooms].filter((room) => !listed.has(room))).toEqual([]);
});
