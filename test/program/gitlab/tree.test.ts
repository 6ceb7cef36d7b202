import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { faultsOf } from "./schema.ts";
import { itWith } from "./tools.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const out = mkdtempSync(join(tmpdir(), "go-release-tree-"));
function read(path: string): string {
  return readFileSync(join(out, path), "utf8");
}
const templates = ["go-release", "go-release-sharded", "go-release-verify"];

/** What `npm run component` builds. */
describe("the component project's tree", () => {
  beforeAll(() => {
    const words = ["scripts/component.mjs", "--project", "tools/go", "--out", out];
    execFileSync(process.execPath, words);
  });
  afterAll(() => rmSync(out, { recursive: true }));

  it("has what a catalog project needs, and the program", () => {
    const files = readdirSync(out, { recursive: true, encoding: "utf8" }).sort();
    for (const path of [
      ".gitlab-ci.yml",
      "LICENSE",
      "README.md",
      "dist/index.js",
      "dist/package.json",
      "self-test/go.mod",
      "self-test/main.go",
      ...templates.map((name) => `templates/${name}.yml`),
    ])
      expect(files).toContain(path);
    expect(read("LICENSE")).toBe(readFileSync("LICENSE", "utf8"));
    expect(readdirSync(join(out, "templates")).sort()).toEqual(
      templates.map((name) => `${name}.yml`).sort(),
    );
  });

  it.each([".gitlab-ci.yml", "README.md", ...templates.map((name) => `templates/${name}.yml`)])(
    "%s has nothing left to fill in",
    (path) => {
      expect(read(path)).not.toMatch(/@[A-Z][A-Z0-9_]*@/u);
      expect(read(path)).not.toContain("go-release/go-release");
    },
  );

  it.each(templates)("%s runs this very program and no other", (name) => {
    const digest = createHash("sha256").update(read("dist/index.js")).digest("hex");
    const pinned = [...read(`templates/${name}.yml`).matchAll(/^ +sha256='(.*)'$/gmu)];
    expect(pinned.length).toBeGreaterThan(0);
    for (const [, sha256] of pinned) expect(sha256).toBe(digest);
    expect(read(`templates/${name}.yml`)).toContain(`version='${version}'`);
    expect(
      execFileSync(process.execPath, [join(out, "dist/index.js"), "--version"]).toString(),
    ).toBe(`${version}\n`);
  });

  it.each(templates)("%s builds in an image that cannot change", (name) => {
    const [spec] = parseAllDocuments(read(`templates/${name}.yml`)).map((one) => one.toJS());
    expect(spec.spec.inputs.image.default).toMatch(/^golang:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/u);
    expect(read(".gitlab-ci.yml")).not.toMatch(/:latest$/mu);
  });

  itWith("schema")("has a pipeline of its own that GitLab's schema accepts", () => {
    expect(faultsOf(parse(read(".gitlab-ci.yml"), { merge: true }))).toEqual([]);
  });

  it("tries its templates with inputs that they have, on jobs that they make", () => {
    const { include, stages, ...jobs } = parse(read(".gitlab-ci.yml"));
    expect(include).toHaveLength(templates.length);
    const made = new Set<string>();
    for (const { component, inputs } of include) {
      const [, name = ""] = /\/([a-z-]+)@\$CI_COMMIT_SHA$/u.exec(component) ?? [];
      const [spec, body] = parseAllDocuments(read(`templates/${name}.yml`)).map((one) =>
        one.toJS(),
      );
      expect(Object.keys(spec.spec.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
      expect(readdirSync(out)).toContain(inputs["working-directory"] ?? "self-test");
      for (const job of Object.keys(body)) made.add(job.replace("$[[ inputs.job ]]", inputs.job));
    }
    const changed = Object.keys(jobs).filter((job) => job.includes("self-test"));
    expect(changed.sort()).toEqual([...made].filter((job) => !job.startsWith(".")).sort());
    expect(stages).toContain(jobs["catalog-release"].stage);
  });
});
