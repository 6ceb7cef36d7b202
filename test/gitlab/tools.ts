import { existsSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";

const folder = join(import.meta.dirname, "../../.tools/gitlab");

/** What `scripts/gitlab-tools.sh` installs. */
export const tools = {
  node: join(folder, `node_modules/node-linux-${process.arch}/bin/node`),
  gitlabCiLocal: join(folder, "node_modules/gitlab-ci-local/dist/index.js"),
  python: join(folder, "python"),
  schema: join(folder, "python/check_jsonschema/builtin_schemas/vendor/gitlab-ci.json"),
};

/** A test with independent tools: where they are missing it is left out, but in CI it fails. */
export const itWith = (...needed: readonly (keyof typeof tools)[]) => {
  const missing = needed.some((tool) => !existsSync(tools[tool]));
  return it.skipIf(missing && process.env["CI"] === undefined);
};
