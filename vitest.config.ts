import { defineConfig } from "vitest/config";

export default defineConfig({
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
