// The whole release against the compilers alone and against GoReleaser with the same files, in one run.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BUNDLE, committedModule, root } from "./module.mjs";
import { goreleaser } from "./goreleaser.mjs";

const MAIN = `package main

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
)

func main() { _, _ = http.Get(""); _, _ = json.Marshal(tls.Config{}) }
`;
const ALL = [
  "linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64",
  "linux/386", "linux/arm", "freebsd/amd64", "freebsd/arm64", "windows/386", "linux/riscv64",
  "linux/ppc64le", "linux/s390x", "openbsd/amd64", "openbsd/arm64", "netbsd/amd64", "netbsd/arm64",
  "linux/loong64", "linux/mips64le", "freebsd/386", "openbsd/386", "netbsd/386", "dragonfly/amd64",
];
const LINK = ["build", "-trimpath", "-ldflags=-s -w -buildid="];

/** Prints one Markdown row for each number of targets, with a cold and a warm build cache. */
export async function build(counts = [1, 6, 12, 24]) {
  const rival = await goreleaser();
  print("| targets | cache | bare `go build`, two at a time | this | GoReleaser | this / bare | this / GoReleaser | peak memory: this, GoReleaser |");
  print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |");
  for (const count of counts) {
    const targets = ALL.slice(0, count);
    const module = committedModule(`build-${count}`, { "main.go": MAIN, ".goreleaser.yaml": configuration(targets) });
    for (const cache of ["cold", "warm"]) await row(module, targets, cache, rival);
  }
}

async function row(module, targets, cache, rival) {
  const env = (name) => ({ ...process.env, CGO_ENABLED: "0", GOCACHE: join(root, `cache-${name}-${targets.length}`) });
  const clean = () => rmSync(join(module, "dist"), { recursive: true, force: true });
  const bare = await bareBuilds(module, targets, env("bare"));
  const equal = ["--sign=none", "--provenance=false", "--sbom=none", `--targets=${targets.join()}`];
  clean();
  const ours = await timed(process.execPath, [BUNDLE, ...equal], module, env("ours"));
  clean();
  const theirs = rival && (await timed(rival, ["release", "--snapshot", "--clean", "--skip=before", "--parallelism=2"], module, env("theirs")));
  clean();
  const cells = [
    targets.length, cache, seconds(bare), seconds(ours), theirs ? seconds(theirs) : "–",
    (ours.ms / bare.ms).toFixed(2), theirs ? (ours.ms / theirs.ms).toFixed(2) : "–",
    `${mebibytes(ours)}, ${theirs ? mebibytes(theirs) : "–"}`,
  ];
  print(`| ${cells.join(" | ")} |`);
}

/** The best that `go` alone does here: two builds at a time, so that one links while the other compiles. */
async function bareBuilds(module, targets, env) {
  const begin = performance.now();
  const waiting = [...targets];
  const worker = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const [GOOS, GOARCH] = target.split("/");
      await timed("go", [...LINK, "-o", join(root, `bare-${GOOS}-${GOARCH}`), "."], module, { ...env, GOOS, GOARCH });
    }
  };
  await Promise.all([worker(), worker()]);
  return { ms: performance.now() - begin };
}

function configuration(targets) {
  return [
    "version: 2",
    "builds:",
    "  - main: .",
    "    env: [CGO_ENABLED=0]",
    "    flags: [-trimpath]",
    "    ldflags: ['-s -w -buildid=']",
    "    targets:",
    ...targets.map((target) => `      - ${target.replace("/", "_")}`),
    "archives:",
    "  - formats: [tar.gz]",
    "    format_overrides: [{ goos: windows, formats: [zip] }]",
    "",
  ].join("\n");
}

/** `memory`: the highest sum of the resident bytes of the program and all that it started, looked at 20 times a second. */
async function timed(file, args, cwd, env) {
  const begin = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  let memory = 0;
  child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-2000)));
  const watch = setInterval(() => (memory = Math.max(memory, memoryOf(child.pid))), 50);
  const status = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  clearInterval(watch);
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${said}`);
  return { ms: performance.now() - begin, memory };
}

/** proc_pid_stat(5) and proc_pid_statm(5); 0 where there is no /proc. */
function memoryOf(ancestor) {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/u.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isOurs = (pid) => pid === ancestor || (parents.has(pid) && parents.get(pid) !== 0 && isOurs(parents.get(pid)));
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * 4096, 0);
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const seconds = ({ ms }) => `${(ms / 1000).toFixed(1)} s`;
const mebibytes = ({ memory }) => `${Math.round(memory / 2 ** 20)} MiB`;
const print = (text) => process.stdout.write(`${text}\n`);
