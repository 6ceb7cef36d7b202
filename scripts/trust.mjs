// Takes sigstore's trust root and signing configuration, as they come with the program, from their TUF repository,
// verified from the root that came with it before: RELEASING.md says when.
//   node scripts/trust.mjs [--url URL] [--root FILE] [--into FOLDER]
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compile } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const home = join(root, "src/signers/trust");

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "https://tuf-repo-cdn.sigstore.dev" },
    root: { type: "string", default: join(home, "public-good-root.json") },
    into: { type: "string", default: home },
  },
});

const work = await mkdtemp(join(tmpdir(), "go-release-trust-"));
try {
  const path = join(work, "trust.cjs");
  await writeFile(path, await compile("scripts/trust/index.ts"));
  const { run } = createRequire(import.meta.url)(path);
  const into = resolve(values.into);
  process.exitCode = await run({
    instance: "public-good",
    repository: { url: values.url, root: await readFile(values.root) },
    write: (name, bytes) => writeFile(join(into, name), bytes),
  });
  if (process.exitCode === 0) await writeFile(join(into, "public-good-about.json"), about());
} finally {
  await rm(work, { recursive: true, force: true });
}

function about() {
  const date = new Date().toISOString().slice(0, 10);
  return `${JSON.stringify({ date, from: values.url }, null, 2)}\n`;
}
