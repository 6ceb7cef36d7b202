import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { embedTakes } from "../../../src/go/embed.ts";
import { plainEnvironment } from "../../support/program.ts";
import { Repository, temporaryFolder } from "../../support/repository.ts";

const FILES = [
  "a.txt",
  "b.txt",
  ".hidden",
  "_under",
  "x^y.txt",
  "web/index.html",
  "web/.env",
  "web/js/app.js",
  "web/.js/hidden.js",
  "web/_js/under.js",
  "web2/index.html",
  "w/deep/er/file",
];

const PATTERNS = [
  "a.txt",
  "*.txt",
  "?.txt",
  "[ab].txt",
  "[^a].txt",
  "[a-b].txt",
  "x\\^y.txt",
  "x^y.txt",
  ".hidden",
  "_under",
  "web",
  "all:web",
  "web/*",
  "all:web/*",
  "web*",
  "web/js",
  "w*/*",
  "*/deep/er",
  "*/*/*",
  "all:w*",
];

describe("what a pattern embeds", () => {
  it.each(PATTERNS)("%s", (pattern) => {
    // No repository: Go refuses to embed one.
    const folder = temporaryFolder();
    new Repository(folder).write({
      "go.mod": "module example.com/tool\n\ngo 1.21\n",
      "main.go": `package main\n\nimport "embed"\n\n//go:embed ${pattern}\nvar files embed.FS\n\nfunc main() { _ = files }\n`,
      ...Object.fromEntries(FILES.map((file) => [file, "x"])),
    });
    const listing = ["list", "-f", '{{join .EmbedFiles "\\n"}}', "."];
    const env = { ...plainEnvironment(), GOENV: "off" };
    const said = execFileSync("go", listing, { cwd: folder, encoding: "utf8", env });
    const embedded = said.split("\n").filter((line) => line !== "");
    expect(embedded).not.toEqual([]);
    expect(FILES.filter((file) => embedTakes(pattern, file)).sort()).toEqual(embedded.sort());
  });

  it("is nothing above the package, and nothing above what it names", () => {
    expect(embedTakes("*", "../dist")).toBe(false);
    expect(embedTakes("web/dist", "web")).toBe(false);
    expect(embedTakes("*", "dist")).toBe(true);
    expect(embedTakes("static", "static/dist")).toBe(true);
    expect(embedTakes("static", "static/.dist")).toBe(false);
    expect(embedTakes("all:static", "static/.dist")).toBe(true);
  });
});
