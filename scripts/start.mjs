// Runs the program from the sources, for people and debuggers: `npm start -- plan`.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./bundle.mjs";

process.setSourceMapsEnabled(true);
const folder = fileURLToPath(new URL("../build", import.meta.url));
const path = join(folder, "start.cjs");
await mkdir(folder, { recursive: true });
await writeFile(path, await compile("src/index.ts", { minify: false, sourcemap: "inline" }));
createRequire(import.meta.url)(path);
