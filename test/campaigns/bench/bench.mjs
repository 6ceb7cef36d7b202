// Start-up, size, memory and speed of dist/index.js, as ratios and figures: `npm run bench [-- start pack build]`;
// `npm run bench -- build 6 12` for these numbers of targets. Nothing here passes or fails. Needs go, git and 5 GiB of
// free disk in the temporary folder.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { BUNDLE, commit, moduleIn, root } from "./module.mjs";

const GIB = 2 ** 30;
const wanted = process.argv.slice(2);
const counts = wanted.filter((word) => /^\d+$/u.test(word)).map(Number);
const isWanted = (name) => wanted.length === counts.length || wanted.includes(name);
if (isWanted("start")) start();
if (isWanted("pack")) pack();
if (isWanted("build")) await build(counts.length > 0 ? counts : undefined);

function start() {
  const bytes = readFileSync(BUNDLE);
  line("bundle", `${(bytes.length / 1e6).toFixed(2)} MB, ${(gzipSync(bytes).length / 1e6).toFixed(2)} MB gzipped`);
  const empty = join(root, "empty.cjs");
  writeFileSync(empty, "");
  const bare = median(21, () => timed("node", [empty]).ms);
  for (const [name, word] of Object.entries({ "--version": "--version", "--help": "--help", "a usage error": "--nonsense" })) {
    const own = median(21, () => timed("node", [BUNDLE, word]).ms);
    line(`start-up of ${name}`, `${own.toFixed(0)} ms, ${(own - bare).toFixed(0)} ms above bare node (${bare.toFixed(0)} ms)`);
  }
}

/** A program with `size` bytes of noise in it would need a linker of that size: a file beside it is packed the same way. */
function pack() {
  const module = moduleIn("pack");
  const ballast = openSync(join(module, "ballast.bin"), "w");
  const block = Buffer.alloc(1 << 20);
  for (let at = 0, state = 1; at < 2 * GIB; at += block.length) {
    // Half of it noise, as machine code is neither text nor random.
    for (let byte = 0; byte < block.length / 2; byte += 4) block.writeInt32LE((state = (Math.imul(state, 1664525) + 1013904223) | 0), byte);
    writeSync(ballast, block);
  }
  closeSync(ballast);
  commit(module);
  for (const format of ["tar.gz", "zip"]) {
    const { ms, memory } = release(module, ["--targets=linux/amd64", "--files=ballast.bin", `--archive=${format}`]);
    line(`own memory while packing 2 GiB as ${format}`, `${(memory / 1e6).toFixed(0)} MB at most, ${(ms / 1000).toFixed(1)} s`);
  }
}

/** `memory`: peak resident bytes of the program itself, its compilers left out (getrusage(2)). */
function release(module, args, env = {}) {
  const watch = join(root, "watch.cjs");
  writeFileSync(watch, `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(join(root, "rss"))}, String(process.resourceUsage().maxRSS)));`);
  const { ms } = timed("node", ["--require", watch, BUNDLE, "--sign=none", "--provenance=false", ...args], module, { ...process.env, ...env });
  return { ms, memory: Number(readFileSync(join(root, "rss"), "utf8")) * 1024 };
}

function timed(file, args, cwd = root, env = process.env) {
  const begin = performance.now();
  const { status, stderr, error } = spawnSync(file, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 28 });
  const ms = performance.now() - begin;
  if (error !== undefined || (status !== 0 && status !== 2)) throw error ?? new Error(stderr.slice(-600));
  return { ms };
}

function median(count, measure) {
  return Array.from({ length: count }, measure).sort((a, b) => a - b)[count >> 1];
}

function line(name, figures) {
  process.stdout.write(`${name}: ${figures}\n`);
}
