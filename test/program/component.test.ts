import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  componentTable,
  renderTemplate,
  type TemplateName,
} from "../../scripts/render/component.ts";
import { between } from "../../scripts/render/markdown.ts";
import { readInputs } from "../../src/hosts/gitlab-ci/inputs.ts";

const update = process.env["UPDATE"] === "1";
const names: readonly TemplateName[] = ["go-release", "go-release-sharded", "go-release-verify"];

describe.each(names)("the template %s", (name) => {
  const path = `gitlab-component/templates/${name}.yml`;

  it("is what the sources give", async () => {
    const text = await readFile(path, "utf8");
    const rendered = renderTemplate(
      text,
      name,
      await readFile("gitlab-component/fetch.sh", "utf8"),
    );
    if (update) await writeFile(path, rendered);
    expect(await readFile(path, "utf8")).toBe(rendered);
  });

  it("hands every input over, and none to a shell", async () => {
    const text = await readFile(path, "utf8");
    const [spec, jobs] = parseAllDocuments(text).map((document) => document.toJS());
    const inputs = Object.keys(spec.spec.inputs);
    const used = new Set(
      [...text.matchAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g)].map(([, input]) => input),
    );
    expect([...used].sort()).toEqual(inputs.sort());
    for (const job of Object.values<{
      script: string[];
      variables: Record<string, { value: string }>;
    }>(jobs)) {
      expect(job.script.join("\n")).not.toContain("$[[");
      const carried = readInputs(job.variables["GO_RELEASE_INPUTS"]?.value ?? "");
      for (const [input, value] of Object.entries(carried))
        expect(value).toBe(`$[[ inputs.${input} ]]`);
      const one = name === "go-release-verify" ? "certificate-identity" : "targets";
      expect(Object.keys(carried)).toContain(one);
    }
  });
});

it("the component's README has the table of all inputs", async () => {
  const path = "gitlab-component/README.md";
  const rendered = between(await readFile(path, "utf8"), "inputs", componentTable());
  if (update) await writeFile(path, rendered);
  expect(await readFile(path, "utf8")).toBe(rendered);
});
