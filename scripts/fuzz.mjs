// Coverage-guided fuzzing of every parser of foreign bytes: `npm run fuzz [-- SECONDS [TARGET …]]`, 60 seconds for each
// target when nothing is said. What reached new code stays in build/fuzz/corpus, and the next run goes on from it; an
// input that breaks a target is kept in build/fuzz, and in the corpus, so that the next run meets it first.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./bundle.mjs";

const folder = fileURLToPath(new URL("../build/fuzz", import.meta.url));
const [seconds = "60", ...asked] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const program = join(folder, "targets.cjs");
// Several may run at once: none reads what another has half written.
writeFileSync(
  `${program}.${process.pid}`,
  await compile("test/campaigns/fuzz/entry.ts", { minify: false }),
);
renameSync(`${program}.${process.pid}`, program);
const { fuzz, seeds, targets } = createRequire(import.meta.url)(program);
const begin = await seeds();
const broken = [];
for (const name of asked.length > 0 ? asked : Object.keys(targets)) {
  if (targets[name] === undefined)
    throw new Error(`there is no target ${name}: ${Object.keys(targets).join(", ")}`);
  if (!(await meet(name))) broken.push(name);
}
process.stdout.write(
  broken.length === 0 ? "nothing was found\n" : `broken: ${broken.join(", ")}\n`,
);
process.exitCode = broken.length === 0 ? 0 : 1;

/** Whether nothing was found. */
async function meet(name) {
  const place = join(folder, "corpus", name);
  mkdirSync(place, { recursive: true });
  const known = readdirSync(place).map((file) => readFileSync(join(place, file)));
  const end = performance.now() + Number(seconds) * 1000;
  const seed = Date.now() % 2 ** 31;
  const options = {
    corpus: [...known, ...(begin[name] ?? [])],
    seed,
    more: () => performance.now() < end,
    program,
  };
  const { inputs, blocks, corpus, finding } = await fuzz(name, options);
  const keep = (bytes, where) =>
    writeFileSync(join(where, createHash("sha256").update(bytes).digest("hex")), bytes);
  for (const bytes of corpus) keep(bytes, place);
  process.stdout.write(
    `${name}: ${inputs} inputs, ${blocks} blocks reached, ${corpus.length} kept, ${finding === undefined ? "nothing found" : "BROKEN"}\n`,
  );
  if (finding === undefined) return true;
  keep(finding.bytes, folder);
  keep(finding.bytes, place);
  process.stdout.write(
    `${JSON.stringify(finding.bytes.toString().slice(0, 500))}\n${finding.error?.stack ?? finding.error}\n`,
  );
  return false;
}
