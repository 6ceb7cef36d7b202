import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { parseAllDocuments } from "yaml";
import { faultsOf } from "./schema.ts";
import { itWith, tools } from "./tools.ts";

const templates = [
  "gitlab-component/templates/go-release.yml",
  "gitlab-component/templates/go-release-sharded.yml",
  "gitlab-component/templates/go-release-verify.yml",
];

/** Inputs put in as GitLab does it: a value that is one interpolation keeps its type. */
function interpolate(
  node: unknown,
  inputs: Readonly<Record<string, { default: unknown }>>,
): unknown {
  if (Array.isArray(node)) return node.map((item) => interpolate(item, inputs));
  if (typeof node === "object" && node !== null) {
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [
        interpolate(key, inputs),
        interpolate(value, inputs),
      ]),
    );
  }
  if (typeof node !== "string") return node;
  const whole = /^\$\[\[ inputs\.([a-z-]+) \]\]$/.exec(node)?.[1];
  if (whole !== undefined) return inputs[whole]?.default;
  return node.replaceAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g, (_, name: string) => {
    const value = inputs[name]?.default;
    return Array.isArray(value) ? JSON.stringify(value) : String(value);
  });
}

describe.each(templates)("%s", (path) => {
  itWith("schema")("is valid against GitLab's own schema", async () => {
    const [spec, jobs] = parseAllDocuments(await readFile(path, "utf8")).map((document) =>
      document.toJS(),
    );
    for (const document of [spec, interpolate(jobs, spec.spec.inputs)])
      expect(faultsOf(document)).toEqual([]);
  });

  itWith("python")("passes yamllint", async () => {
    const rules =
      "{extends: default, rules: {line-length: disable, document-start: disable, comments: {min-spaces-from-content: 1}, comments-indentation: disable}}";
    const run = promisify(execFile)(tools.python, ["-m", "yamllint", "-s", "-d", rules, path]);
    expect(
      await run.then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      ),
    ).toBe("");
  });
});
