// Releases this project itself, by the modules of its own bundle: RELEASING.md says when and how.
//   node scripts/release.mjs [--dry-run] [--output folder] [--bundled folder]
//     [--fulcio-url URL --rekor-url URL --tsa-url URL --trusted-root FILE]
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle, compile } from "./bundle.mjs";
import { component } from "./component.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What of the repository is released beside its bundle: everything that a step or a terminal runs or reads. */
const ACTION = ["action.yml", "node24", "schemas", "LICENSE", "README.md", "CHANGELOG.md"];

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    output: { type: "string", default: join(root, "build/release") },
    bundled: { type: "string", default: join(root, "dist") },
    "fulcio-url": { type: "string" },
    "rekor-url": { type: "string" },
    "tsa-url": { type: "string" },
    "trusted-root": { type: "string" },
  },
});

await assertFresh(values.bundled);
const work = await mkdtemp(join(tmpdir(), "go-release-own-"));
try {
  process.exitCode = await release();
} finally {
  await rm(work, { recursive: true, force: true });
}

async function release() {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { run } = await program();
  return await run({
    ...commitOf("HEAD"),
    version,
    changelog: await readFile(join(root, "CHANGELOG.md"), "utf8"),
    dryRun: values["dry-run"],
    output: resolve(values.output),
    bundle: join(values.bundled, "index.js"),
    trees: [
      { name: `go-release-action-${version}`, folder: await actionTree() },
      { name: `go-release-component-${version}`, folder: await componentTree() },
    ],
    ...(await servicesOf(values)),
  });
}

/** Nothing is released that the sources do not give. */
async function assertFresh(folder) {
  const made = await bundle();
  for (const name of ["index.js", "package.json", "licenses.txt"]) {
    if ((await readFile(join(folder, name), "utf8")) === made[`dist/${name}`]) continue;
    process.stderr.write(
      `error: ${join(folder, name)} is not what the sources give\n  → npm run render\n`,
    );
    process.exit(1);
  }
}

/** This release's own program, from the sources that the bundle is made of. */
async function program() {
  const path = join(work, "release.cjs");
  await writeFile(path, await compile("scripts/release/index.ts"));
  return createRequire(import.meta.url)(path);
}

function commitOf(revision) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const seconds = Number(git("show", "--no-patch", "--format=%ct", revision));
  const date = new Date(1000 * seconds).toISOString().replace(/\.\d+Z$/, "Z");
  return { commit: git("rev-parse", revision), date };
}

async function actionTree() {
  const folder = join(work, "action");
  for (const path of ACTION) await cp(join(root, path), join(folder, path), { recursive: true });
  await cp(values.bundled, join(folder, "dist"), { recursive: true });
  return folder;
}

async function componentTree() {
  const folder = join(work, "component");
  await component({ out: folder, project: "go-release/go-release", bundled: values.bundled });
  return folder;
}

async function servicesOf(given) {
  if (given["fulcio-url"] === undefined) return {};
  return {
    services: {
      fulcioUrl: given["fulcio-url"],
      rekorUrl: given["rekor-url"],
      tsaUrl: given["tsa-url"],
    },
    trustedRoot: await readFile(given["trusted-root"], "utf8"),
  };
}
