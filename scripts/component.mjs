// Builds the tree of GitLab's component project, ready to be pushed and tagged with the version (without `v`):
//   node scripts/component.mjs [--project group/name] [--out folder]
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/** nodejs.org's own SHASUMS256.txt of that version, the tar.gz files. */
const NODE = {
  NODE_VERSION: "24.19.0",
  NODE_X64: "f625d97cd707df4ff96254916fbc5ff014f09c09effe5a1e0ca8f6d41a8789d4",
  NODE_ARM64: "d28c8a5bf0a808f0ed434a1dce8c54ae98f0371c0bd86ac58abc613f73e6643f",
};

/**
 * The image of the component's jobs: a release of Go by its number, for people, and by the digest of all platforms'
 * images, for the runner. What it builds with belongs to the component's version, and moves with it.
 */
const IMAGE =
  "golang:1.26.8@sha256:0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a";

/** Writes the tree to `out`; `project` is where the component lives on its instance. */
export async function component({ out, project, bundled = join(root, "dist") }) {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const bundle = await readFile(join(bundled, "index.js"));
  const sha256 = createHash("sha256").update(bundle).digest("hex");
  const constants = { VERSION: version, SHA256: sha256, PROJECT: project, IMAGE, ...NODE };
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, "templates"), { recursive: true });
  for (const name of await readdir(join(root, "gitlab-component/templates"))) {
    await copyFilled(`gitlab-component/templates/${name}`, join(out, "templates", name), constants);
  }
  await copyFilled("gitlab-component/README.md", join(out, "README.md"), constants);
  await copyFilled("gitlab-component/gitlab-ci.yml", join(out, ".gitlab-ci.yml"), constants);
  await cp(join(root, "LICENSE"), join(out, "LICENSE"));
  await cp(join(root, "examples/hello"), join(out, "self-test"), { recursive: true });
  await cp(bundled, join(out, "dist"), { recursive: true });
  return { version, sha256 };
}

async function copyFilled(from, to, constants) {
  const text = await readFile(join(root, from), "utf8");
  const filled = text.replaceAll(/@([A-Z0-9_]+)@/g, (all, name) => constants[name] ?? all);
  await writeFile(to, filled);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { project: { type: "string" }, out: { type: "string" } },
  });
  const out = values.out ?? join(root, "build/gitlab-component");
  const project = values.project ?? "go-release/go-release";
  const { version, sha256 } = await component({ out, project });
  process.stdout.write(
    `${out}: push it to ${project} and tag it ${version} (dist/index.js ${sha256})\n`,
  );
}
