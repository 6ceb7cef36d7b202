// Start-up, size, memory and speed of dist/index.js, as ratios and figures: `npm run bench [-- start pack build]`.
// Nothing here passes or fails. Needs go, git and 5 GiB of free disk in the temporary folder.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUNDLE = resolve(fileURLToPath(import.meta.url), "../../../dist/index.js");
const GIB = 2 ** 30;
const wanted = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "bench-"));
try {
  if (wanted.length === 0 || wanted.includes("start")) start();
  if (wanted.length === 0 || wanted.includes("pack")) pack();
  if (wanted.length === 0 || wanted.includes("build")) build();
} finally {
  rmSync(root, { recursive: true, force: true });
}

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

/** The whole release against the compilers alone, one target after another, first with nothing cached, then with all. */
function build() {
  const targets = ["linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"];
  const module = moduleIn("build");
  writeFileSync(join(module, "main.go"), 'package main\n\nimport (\n\t"crypto/tls"\n\t"encoding/json"\n\t"net/http"\n)\n\nfunc main() { _, _ = http.Get(""); _, _ = json.Marshal(tls.Config{}) }\n');
  commit(module);
  for (const round of ["cold", "warm"]) {
    const theirs = { GOCACHE: join(root, "cache-bare") };
    const ours = { GOCACHE: join(root, "cache-ours") };
    let bare = 0;
    for (const target of targets) {
      const [GOOS, GOARCH] = target.split("/");
      const env = { ...process.env, ...theirs, GOOS, GOARCH, CGO_ENABLED: "0" };
      bare += timed("go", ["build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", join(root, "bare"), "."], module, env).ms;
    }
    const { ms } = release(module, [`--targets=${targets.join()}`], ours);
    line(`${targets.length} targets, ${round} build cache`, `${(ms / 1000).toFixed(1)} s with packing and all, ${(bare / 1000).toFixed(1)} s bare go build; ratio ${(ms / bare).toFixed(2)}`);
  }
}

function moduleIn(name) {
  const module = join(root, name);
  mkdirSync(module);
  writeFileSync(join(module, "go.mod"), "module example.com/bench\n\ngo 1.21\n");
  writeFileSync(join(module, "main.go"), "package main\n\nfunc main() {}\n");
  return module;
}

function commit(module) {
  const git = (...args) => execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: module });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "bench");
  git("tag", "v1.0.0");
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
