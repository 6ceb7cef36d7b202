// Bundles src/index.ts into dist/index.js: one minified CJS file for Node 20, the same bytes on every run.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The files of a bundle by path relative to the repository. */
export async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    bundle: true,
    write: false,
    outfile: "dist/index.js",
    platform: "node",
    target: "node20",
    format: "cjs",
    // OpenTelemetry's packages have no `exports`; only their `module` can be shaken: 45 kB instead of 280.
    mainFields: ["module", "main"],
    minify: true,
    // Error names are read by people and by `instanceof`-free checks.
    keepNames: false,
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    loader: { ".yml": "text", ".yaml": "text" },
    logLevel: "warning",
    alias: {
      // The HTTP client of @sigstore/sign, which goes through `World.http` here and never calls it (355 kB).
      "make-fetch-happen": "./scripts/empty.cjs",
      undici: "./scripts/undici.cjs",
      // One copy for signing and verifying.
      "@sigstore/core": "./node_modules/@sigstore/verify/node_modules/@sigstore/core",
    },
  });
  return {
    "dist/index.js": result.outputFiles[0].text,
    "dist/package.json": '{ "type": "commonjs" }\n',
    "dist/licenses.txt": await licenses(Object.keys(result.metafile.inputs)),
    metafile: result.metafile,
  };
}

/** The licence of every package that reached the bundle, by name. */
async function licenses(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = await Promise.all(
    [...folders].map(async (folder) => {
      const { name, version, license } = JSON.parse(
        await readFile(`${root}/${folder}/package.json`, "utf8"),
      );
      return { title: `${name} ${version} (${license})`, text: await licenseText(folder) };
    }),
  );
  const unique = new Map(texts.map(({ title, text }) => [title, text]));
  return [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n${"-".repeat(title.length)}\n${text.trim()}\n`)
    .join("\n\n");
}

async function licenseText(folder) {
  for (const name of [
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "license",
    "LICENCE",
    "License.md",
    "LICENSE-MIT",
  ]) {
    try {
      return (await readFile(`${root}/${folder}/${name}`, "utf8")).replace(/\r\n/g, "\n");
    } catch {
      // The next name, or none: then the package's own statement is in its title.
    }
  }
  return "(the package carries no licence text)";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { metafile, ...files } = await bundle();
  await mkdir(`${root}/dist`, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(`${root}/${path}`, text);
  if (process.argv.includes("--meta"))
    await writeFile(`${root}/build-meta.json`, JSON.stringify(metafile));
  process.stdout.write(`dist/index.js ${Buffer.byteLength(files["dist/index.js"])} bytes\n`);
}
