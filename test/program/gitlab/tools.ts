import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";

const folder = join(import.meta.dirname, "../../../.tools");
const modules = join(folder, "npm/node_modules");

/** Of the Python that the tools were installed with. */
function packages(): string {
  const lib = join(folder, "venv/lib");
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("python")) : "";
  return join(lib, python ?? "", "site-packages");
}

/** What `npm run tools` installs for the tests of GitLab's side. */
export const tools = {
  node: join(modules, "node22/bin/node"),
  gitlabCiLocal: join(modules, "gitlab-ci-local/dist/index.js"),
  python: join(folder, "venv/bin/python"),
  schema: join(packages(), "check_jsonschema/builtin_schemas/vendor/gitlab-ci.json"),
};

/** A test with independent tools: where they are missing it is left out, but in CI it fails. */
export function itWith(...needed: readonly (keyof typeof tools)[]) {
  const missing = needed.some((tool) => !existsSync(tools[tool]));
  return it.skipIf(missing && process.env["CI"] === undefined);
}
