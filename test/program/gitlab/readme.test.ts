import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { outputs } from "../../../src/config/outputs.ts";

const readme = readFileSync("gitlab-component/README.md", "utf8");

interface SpecInput {
  readonly type?: string;
  readonly options?: readonly string[];
}

function specOf(template: string): Readonly<Record<string, SpecInput>> {
  const text = readFileSync(`gitlab-component/templates/${template}.yml`, "utf8");
  return parseAllDocuments(text)[0]?.toJS().spec.inputs;
}

const rows = [...readme.matchAll(/^\| `([a-z-]+)` \|/gmu)].map(([, name = ""]) => name);

interface Include {
  readonly component: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What the README's pipelines include: template and inputs. */
const includes = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gmu)]
  .flatMap(([, text = ""]) => (parse(text) as { include: Include[] }).include)
  .map(({ component, inputs = {} }) => {
    const [, template = "", version] = /\/([a-z-]+)@(.+)$/u.exec(component) ?? [];
    return { template, version, inputs };
  });

describe("the component's README", () => {
  it("has every input of the templates, and no other", () => {
    const both = { ...specOf("go-release"), ...specOf("go-release-sharded") };
    expect(rows.sort()).toEqual(Object.keys(both).sort());
  });

  it("shows pipelines with this version's templates and inputs that they have", () => {
    expect(includes.map(({ template }) => template)).toContain("go-release-sharded");
    for (const { template, version, inputs } of includes) {
      expect(version).toBe("@VERSION@");
      const spec = specOf(template);
      for (const [name, value] of Object.entries(inputs)) {
        expect(Object.keys(spec)).toContain(name);
        expect(Array.isArray(value)).toBe(spec[name]?.type === "array");
        if (spec[name]?.options !== undefined) expect(spec[name].options).toContain(value);
      }
    }
  });

  it("names the variables that later jobs have, and every option that it speaks of exists", () => {
    const named = new Set([...readme.matchAll(/GO_RELEASED_[A-Z_]+/gu)].map(([name]) => name));
    // Of `plan` and `build`, which tie the jobs of other CI systems together.
    const inParts = ["matrix", "plan-digest", "shard-digest", "go-version"];
    const variables = Object.keys(outputs)
      .filter((name) => !inParts.includes(name))
      .map((name) => `GO_RELEASED_${name.toUpperCase().replaceAll("-", "_")}`);
    expect([...named].sort()).toEqual(variables.sort());
  });

  it("leaves nothing to fill in but what the build of the tree fills in", () => {
    const holes = new Set([...readme.matchAll(/@([A-Z][A-Z_0-9]+)@/gu)].map(([, name]) => name));
    expect([...holes].sort()).toEqual(["IMAGE", "NODE_VERSION", "PROJECT", "VERSION"]);
  });
});
