import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LineCounter, parse, parseDocument, stringify, visit } from "yaml";

const BUNDLE = resolve(fileURLToPath(import.meta.url), "../../../../dist/index.js");
const GORELEASER = process.env["GORELEASER"] ?? "goreleaser";
const SKIPPED = "publish,announce,sign,sbom,docker,ko,snapcraft,chocolatey,winget,nix,aur,homebrew,scoop";

/**
 * Two copies of a project at its tag, as if they came from GitHub, and what `init` told. Both have its configuration
 * for each of the two programs, so that they are of one commit; `alone` restricts builds to Linux on amd64.
 */
export function checkouts({ name, folder, tag, made, place }, alone = false) {
  const path = join(place, "ours");
  const git = (...args) => run("git", args, path);
  run("git", ["clone", "-q", "--shared", "--no-checkout", resolve(folder), path], place);
  git("checkout", "-q", "--detach", tag);
  git("remote", "set-url", "origin", `https://github.com/${name}.git`);
  const configuration = join(path, configurationOf(path));
  const text = understood(readFileSync(configuration, "utf8"), place);
  writeFileSync(configuration, alone ? restricted(text) : text);
  for (const file of made) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), `${file}\n`);
  }
  const told = ours(path, ["init", "--from", configurationOf(path), "--force"]);
  git("add", "-A", "-f", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "release");
  git("tag", "-f", tag);
  const theirs = join(place, "theirs");
  cpSync(path, theirs, { recursive: true, verbatimSymlinks: true });
  return { ours: path, theirs, told };
}

/**
 * The configuration without what this GoReleaser does not know: keys of its paid edition and of older versions. Both
 * sides are given the same.
 */
function understood(text, place) {
  let current = /^version:/mu.test(text) ? text : `version: 2\n${text}`;
  for (;;) {
    const path = join(place, "understood.yaml");
    writeFileSync(path, current);
    const { stderr } = spawnSync(GORELEASER, ["check", path], { encoding: "utf8", cwd: place });
    const unknown = [...stderr.matchAll(/line (\d+): field (\w+) not found/gu)].map(([, line, key]) => ({ line: Number(line), key }));
    if (unknown.length === 0) return current;
    const lines = new LineCounter();
    const document = parseDocument(current, { lineCounter: lines, merge: true });
    visit(document, {
      Pair: (_, { key }) => unknown.some((one) => one.key === key?.value && one.line === lines.linePos(key.range[0]).line) ? visit.REMOVE : undefined,
    });
    process.stderr.write(`left out for both: ${unknown.map(({ key }) => key).join(", ")}\n`);
    current = document.toString();
  }
}

export function configurationOf(path) {
  const found = readdirSync(path).find((one) => /^\.?goreleaser\.ya?ml$/u.test(one));
  if (found === undefined) throw new Error("there is no .goreleaser.yaml");
  return found;
}

function restricted(text) {
  const data = parse(text, { merge: true });
  const { universal_binaries: _, ...rest } = data;
  const builds = (data.builds ?? [{}]).map(({ targets: _targets, ignore: _ignore, ...build }) => ({ ...build, goos: ["linux"], goarch: ["amd64"] }));
  // A row for another system would be built twice under one name.
  const kept = (data.builds ?? [{}]).flatMap(({ goos, targets }, at) =>
    (goos ?? ["linux"]).includes("linux") || targets !== undefined ? [builds[at]] : [],
  );
  return stringify({ ...rest, builds: kept });
}

/** Variables that the configuration's templates ask the environment for. */
function environmentOf(path) {
  const text = readFileSync(join(path, configurationOf(path)), "utf8");
  return Object.fromEntries([...text.matchAll(/\.Env\.(\w+)/gu)].map(([, name]) => [name, name.toLowerCase()]));
}

/** GoReleaser's folder of released files. */
export function releaseTheirs(path, env) {
  const notes = join(path, "..", "notes.md");
  writeFileSync(notes, "Notes\n");
  const args = ["release", "--clean", `--skip=${SKIPPED}`, "-p", "2", "--release-notes", notes, "--config", configurationOf(path)];
  const { status, stderr } = spawnSync(GORELEASER, args, {
    cwd: path,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    // As on a machine that sets nothing for Go: this program goes by no GOFLAGS either.
    env: { ...process.env, GOFLAGS: "", GOENV: "off", ...environmentOf(path), ...env },
  });
  if (status !== 0) throw new Error(`GoReleaser: ${stderr.slice(-1500)}`);
  const { dist } = parse(readFileSync(join(path, configurationOf(path)), "utf8"), { merge: true });
  return join(path, dist ?? "dist");
}

export function planOf(path) {
  const { before = [] } = parse(readFileSync(join(path, ".go-release.yaml"), "utf8"));
  for (const command of before) run("sh", ["-c", command], path, environmentOf(path));
  return JSON.parse(ours(path, ["plan", "--json", "--dry-run", ...allowed(path)]));
}

export function releaseOurs(path) {
  const { plan } = JSON.parse(ours(path, ["release", "--json", "--dry-run", ...allowed(path)]));
  const dist = parse(readFileSync(join(path, ".go-release.yaml"), "utf8")).output ?? "dist";
  if (!existsSync(join(path, dist, plan.checksum.name))) throw new Error(`no ${plan.checksum.name} in ${dist}`);
  return join(path, dist);
}

function allowed(path) {
  const names = [...readFileSync(join(path, ".go-release.yaml"), "utf8").matchAll(/\{env:(\w+)/gu)].map(([, name]) => name);
  return names.length === 0 ? [] : [`--template-env=${[...new Set(names)].join(",")}`];
}

function ours(path, args) {
  const { status, stdout, stderr } = spawnSync("node", [BUNDLE, ...args], {
    cwd: path,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, ...environmentOf(path) },
  });
  if (status !== 0) throw new Error(`${args[0]}: ${stderr.slice(-1500)}`);
  return stdout;
}

export function run(file, args, cwd, env = {}) {
  return execFileSync(file, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
}
