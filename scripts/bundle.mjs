// Bundles src/index.ts into dist/index.js: one minified CJS file for Node 20, the same bytes on every run.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** undici's HTTP parser comes twice, for processors with SIMD and without: the second runs on both (73 kB less). */
const oneParser = {
  name: "one HTTP parser",
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /\/llhttp_simd-wasm\.js$/ }, ({ path, resolveDir, kind }) =>
      resolve(path.replace("_simd", ""), { resolveDir, kind }),
    ),
};

/** How everything is put into one file. */
const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  platform: "node",
  target: "node20",
  format: "cjs",
  // OpenTelemetry's packages have no `exports`; only their `module` can be shaken: 45 kB instead of 280.
  mainFields: ["module", "main"],
  minify: true,
  // A stack names our functions (docs/decisions/names-in-the-bundle.md).
  keepNames: true,
  legalComments: "none",
  charset: "utf8",
  loader: {
    ".yml": "text",
    ".yaml": "text",
    ".mod": "text",
    ".sum": "text",
    ".go": "text",
    ".sh": "text",
    ".ps1": "text",
  },
  logLevel: "warning",
  plugins: [oneParser],
  alias: {
    // The HTTP client of @sigstore/sign, which goes through `World.http` here and never calls it (355 kB).
    "make-fetch-happen": "./scripts/empty.cjs",
    undici: "./scripts/undici.cjs",
    "@octokit/plugin-rest-endpoint-methods": "./scripts/left-out.mjs",
    "@octokit/plugin-paginate-rest": "./scripts/left-out.mjs",
    "linkify-it": "./scripts/left-out.mjs",
    // One copy for signing and verifying.
    "@sigstore/core": "./node_modules/@sigstore/core",
  },
};

/** The files of a bundle by path relative to the repository, and the map from its lines to the sources'. */
export async function bundle() {
  const result = await build({
    ...OPTIONS,
    entryPoints: ["src/index.ts"],
    outfile: "dist/index.js",
    // For scripts/stack.mjs alone: the bundle does not speak of it.
    sourcemap: "external",
    sourcesContent: false,
    metafile: true,
  });
  const text = (name) => result.outputFiles.find(({ path }) => path.endsWith(name)).text;
  return {
    "dist/index.js": text("index.js"),
    "dist/package.json": '{ "type": "commonjs" }\n',
    "dist/licenses.txt": await licenses(Object.keys(result.metafile.inputs)),
    map: text("index.js.map"),
    metafile: result.metafile,
  };
}

/** Another program of the same sources, as one text. */
export async function compile(entry, options = {}) {
  const outfile = "build/program.cjs";
  const result = await build({ ...OPTIONS, ...options, entryPoints: [entry], outfile });
  return result.outputFiles[0].text;
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
  const { metafile, map, ...files } = await bundle();
  await mkdir(`${root}/dist`, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(`${root}/${path}`, text);
  await mkdir(`${root}/build`, { recursive: true });
  await writeFile(`${root}/build/index.js.map`, map);
  await writeFile(`${root}/build/meta.json`, JSON.stringify(metafile));
  process.stdout.write(`dist/index.js ${Buffer.byteLength(files["dist/index.js"])} bytes\n`);
}
