import { delimiter, join } from "node:path";
import { defineConfig } from "vitest/config";

/** Text files as the bundle carries them. */
const text = {
  name: "text",
  transform: (code: string, id: string) =>
    /\.(ya?ml|mod|sum|go|sh|ps1)$/u.test(id) ? `export default ${JSON.stringify(code)}` : undefined,
};

/** What `npm run tools` installed comes first. */
const tools = ["bin", "venv/bin"].map((folder) => join(import.meta.dirname, ".tools", folder));
const PATH = [...tools, process.env["PATH"]].join(delimiter);

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [text],
        test: {
          // The fast lane, `npm test`: Node, Go, git and what every system has.
          name: "unit",
          include: ["test/unit/**/*.test.ts", "test/*.test.ts", "test/support/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [text],
        test: {
          // Whole programs, ours and those that judge it (scripts/tools.mjs); `npm run ci` runs both lanes.
          name: "program",
          include: [
            "test/program/**/*.test.ts",
            "test/attacks/**/*.test.ts",
            "test/campaigns/*.test.ts",
          ],
          globalSetup: ["test/support/bundle.ts"],
          env: { PATH },
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
    ],
    // Two cores: real compilers run in several files.
    maxWorkers: 2,
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "lcov"] },
  },
});
