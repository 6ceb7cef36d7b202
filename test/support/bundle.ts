import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the program as users run it, bundled from these sources. */
    bundle: string;
  }
}

/** Bundles the program once for the whole suite, out of the repository's own `dist`. */
async function setup(project: TestProject): Promise<() => Promise<void>> {
  const script = new URL("../../scripts/bundle.mjs", import.meta.url).href;
  const { bundle } = (await import(script)) as {
    bundle: () => Promise<Record<"dist/index.js" | "dist/package.json", string>>;
  };
  const made = await bundle();
  const folder = await mkdtemp(join(tmpdir(), "go-release-bundle-"));
  await writeFile(join(folder, "index.js"), made["dist/index.js"]);
  await writeFile(join(folder, "package.json"), made["dist/package.json"]);
  project.provide("bundle", join(folder, "index.js"));
  return () => rm(folder, { recursive: true, force: true });
}

export default setup;
