import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bundle } from "../scripts/bundle.mjs";
import { renderAction } from "../scripts/render/action.ts";
import { configurationPage } from "../scripts/render/configuration.ts";
import { between, commandTable, inputTable, outputTable } from "../scripts/render/markdown.ts";
import { configSchema, manifestSchema, planSchema } from "../scripts/render/schema.ts";

/** Generator and alarm: with UPDATE=1 files are written, otherwise they must be what the sources give. */
const update = process.env["UPDATE"] === "1";

async function readme(): Promise<string> {
  const text = await readFile("README.md", "utf8");
  const rendered = { commands: commandTable(), inputs: inputTable(), outputs: outputTable() };
  return Object.entries(rendered).reduce((all, [name, table]) => between(all, name, table), text);
}

const generated: Record<string, () => Promise<string>> = {
  "action.yml": async () => renderAction("node20", "dist/index.js"),
  "node24/action.yml": async () => renderAction("node24", "../dist/index.js"),
  "schemas/config.schema.json": async () => configSchema(),
  "schemas/plan.schema.json": async () => planSchema(),
  "schemas/manifest.schema.json": async () => manifestSchema(),
  "docs/configuration.md": async () => configurationPage(),
  "README.md": readme,
};

const bundled = ["dist/index.js", "dist/package.json", "dist/licenses.txt"] as const;

describe("generated files", () => {
  it.each(Object.keys(generated))("%s is what the sources give", async (path) => {
    const text = await generated[path]?.();
    if (update) await writeFile(path, text ?? "");
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("dist/ is what the sources give, twice the same", async () => {
    const [first, second] = [await bundle(), await bundle()];
    for (const path of bundled) {
      expect(second[path]).toBe(first[path]);
      if (update) await writeFile(path, first[path]);
      expect(
        (await readFile(path, "utf8")) === first[path],
        `${path} is stale: npm run render`,
      ).toBe(true);
    }
  });
});
