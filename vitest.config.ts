import { delimiter, join } from "node:path";
import { defineConfig } from "vitest/config";

// What `npm run tools` installed comes first.
const tools = ["bin", "venv/bin"].map((folder) => join(import.meta.dirname, ".tools", folder));
process.env["PATH"] = [...tools, process.env["PATH"]].join(delimiter);

/** Text files as the bundle carries them. */
const text = {
  name: "text",
  transform: (code: string, id: string) =>
    /\.ya?ml$/u.test(id) ? `export default ${JSON.stringify(code)}` : undefined,
};

export default defineConfig({
  plugins: [text],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/bundle.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // Two cores: real compilers run in several files.
    maxWorkers: 2,
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "lcov"] },
  },
});
