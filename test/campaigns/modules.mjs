// Releases real modules of the Go module proxy and lets other tools judge the result.
// `npm run modules [-- NAME …]`; prints one line a module. Needs go, git, tar, unzip, file and readelf.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const BUNDLE = resolve(fileURLToPath(import.meta.url), "../../../dist/index.js");

const FORMATS = { elf: /ELF/, "mach-o": /Mach-O/, pe: /PE32/, wasm: /WebAssembly/ };

/** `folder`: where the module lies in its repository. `fails`: words of the error it must end with. */
const modules = [
  { path: "filippo.io/age", version: "v1.2.1", shape: "two programs in cmd/" },
  { path: "github.com/mikefarah/yq/v4", version: "v4.44.3", shape: "/v4, program at the root" },
  { path: "github.com/junegunn/fzf", version: "v0.56.3", shape: "root program, files for other platforms" },
  { path: "google.golang.org/protobuf", version: "v1.35.2", shape: "library with a plugin in cmd/", },
  { path: "github.com/evanw/esbuild", version: "v0.24.0", shape: "several programs, js/wasm too", args: ["--main=./cmd/esbuild", "--targets=linux/amd64,js/wasm,wasip1/wasm"] },
  { path: "golang.org/x/tools/gopls", version: "v0.20.0", shape: "module in a sub-folder", folder: "gopls", args: ["--targets=linux/amd64,windows/arm64"] },
  { path: "github.com/benbjohnson/litestream", version: "v0.3.13", shape: "needs cgo (sqlite)", args: ["--targets=linux/amd64"], fails: "needs cgo" },
  { path: "github.com/go-vgo/robotgo", version: "v0.110.5", shape: "cgo library beside plain programs", args: ["--targets=linux/amd64"] },
  { path: "github.com/spf13/cobra", version: "v1.8.1", shape: "library", fails: "has no program" },
  { path: "github.com/jesseduffield/lazygit", version: "v0.44.1", shape: "vendor folder", vendor: true, args: ["--targets=linux/amd64,darwin/arm64"] },
  { path: "mvdan.cc/sh/v3", version: "v3.10.0", shape: "/v3, programs in cmd/, one for wasm", args: ["--targets=linux/amd64,linux/arm/6,windows/386"] },
  { path: "honnef.co/go/tools", version: "v0.5.1", shape: "many programs in cmd/, a dist/ of its own", fails: "was not created by an earlier run" },
  { path: "honnef.co/go/tools", version: "v0.6.1", shape: "many programs in cmd/", args: ["--output=out", "--targets=linux/riscv64,freebsd/amd64"] },
  { path: "github.com/golang/mock", version: "v1.6.0", shape: "program beside a library", args: ["--targets=linux/s390x,openbsd/amd64"] },
  { path: "github.com/charmbracelet/gum", version: "v0.17.0", shape: "root program with a configuration of GoReleaser", args: ["--targets=linux/amd64,windows/amd64"] },
  { path: "github.com/go-task/task/v3", version: "v3.44.0", shape: "/v3, program in cmd/, embedded files", args: ["--targets=linux/amd64,darwin/arm64"] },
  { path: "google.golang.org/grpc/cmd/protoc-gen-go-grpc", version: "v1.5.1", shape: "module two folders down", folder: "cmd/protoc-gen-go-grpc", args: ["--targets=linux/amd64,linux/ppc64le"] },
  { path: "gotest.tools/gotestsum", version: "v1.13.0", shape: "path of another host than its repository's", args: ["--targets=linux/amd64,linux/arm/7"] },
  { path: "github.com/go-delve/delve", version: "v1.25.0", shape: "cgo for some platforms, a vendor folder", vendor: true, args: ["--targets=linux/amd64,windows/amd64"] },
  { path: "github.com/rakyll/hey", version: "v0.1.4", shape: "old module with a vendor folder", vendor: true, args: ["--targets=linux/amd64,darwin/amd64"] },
  { path: "github.com/spf13/cobra-cli", version: "v1.3.0", shape: "templates and test data", args: ["--targets=linux/amd64,freebsd/arm64"] },
  { path: "github.com/goreleaser/nfpm/v2", version: "v2.43.1", shape: "/v2, large test data, a www/ folder", args: ["--targets=linux/amd64,linux/386"] },
  { path: "golang.org/x/mobile", version: "v0.0.0-20241108191957-fa514ef75a0f", shape: "programs that need cgo, no SemVer tag", args: ["--targets=linux/amd64"], tag: null },
];

const wanted = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), "modules-"));
let failed = 0;
for (const module of modules) {
  if (wanted.length > 0 && !wanted.some((word) => module.path.includes(word))) continue;
  const start = Date.now();
  let line;
  try {
    line = await check(module);
  } catch (error) {
    failed++;
    line = `FAILED ${error.message}`;
  }
  process.stdout.write(`| ${module.path}@${module.version} | ${module.shape} | ${line} | ${Math.round((Date.now() - start) / 1000)} s |\n`);
}
rmSync(root, { recursive: true, force: true });
process.exitCode = failed > 0 ? 1 : 0;

async function check({ path, version, folder = ".", args = [], fails, says, vendor, tag = version }) {
  const repository = join(root, path.replace(/\W+/g, "-"));
  const home = join(repository, folder);
  const { Dir } = JSON.parse(run("go", ["mod", "download", "-json", `${path}@${version}`], root));
  mkdirSync(home, { recursive: true });
  cpSync(Dir, home, { recursive: true });
  run("chmod", ["-R", "u+w", repository], root);
  if (vendor) run("go", ["mod", "vendor"], home);
  const git = (...words) => run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], repository);
  git("init", "-q");
  git("add", "-A", "-f");
  git("commit", "-qm", "release");
  if (tag !== null) git("tag", folder === "." ? tag : `${folder}/${tag}`);
  const { status, stdout, stderr } = spawnSync("node", [BUNDLE, "--json", ...args], {
    cwd: home,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, GOFLAGS: "-ldflags=-X=main.polluted=1" },
  });
  if (fails !== undefined) {
    if (status !== 1 || !stderr.includes(fails)) throw new Error(`status ${status}: ${stderr.slice(-400)}`);
    rmSync(repository, { recursive: true, force: true });
    return `refused: ${stderr.trim().split("\n").slice(-2).join(" ").slice(0, 160)}`;
  }
  if (status !== 0) throw new Error(`status ${status}: ${stderr.slice(-600)}`);
  if (/a release would be refused/.test(stderr)) throw new Error(`not all in its commit: ${stderr.slice(-400)}`);
  if (says !== undefined && !stderr.includes(says)) throw new Error(`said nothing of ${says}`);
  const manifest = JSON.parse(stdout);
  judge(manifest, join(home, args.includes("--output=out") ? "out" : "dist"));
  const programs = new Set(manifest.binaries.map(({ name }) => name.replace(/\.(exe|wasm)$/, "")));
  rmSync(repository, { recursive: true, force: true });
  return `${manifest.plan.release.version}: ${manifest.binaries.length} binaries (${[...programs].slice(0, 3).join(", ")}${programs.size > 3 ? " …" : ""}), ${manifest.artifacts.length} files`;
}

function judge(manifest, dist) {
  run("sha256sum", ["-c", "checksums.txt"], dist);
  for (const artifact of manifest.artifacts) {
    const path = join(dist, artifact.path);
    if (!existsSync(path)) throw new Error(`${artifact.name} is missing`);
    if (artifact.name.endsWith(".zip")) run("unzip", ["-tqq", path], dist);
    if (artifact.name.endsWith(".tar.gz")) run("tar", ["tvf", path], dist);
  }
  for (const binary of manifest.binaries) judgeBinary(binary, manifest, dist);
}

function judgeBinary({ name, artifact, inspection, target, sha256 }, manifest, dist) {
  const place = mkdtempSync(join(root, "unpacked-"));
  if (artifact.endsWith(".zip")) run("unzip", ["-qq", join(dist, artifact), "-d", place], dist);
  else run("tar", ["xf", join(dist, artifact), "-C", place], dist);
  const path = join(place, name);
  if (run("sha256sum", [path], dist).split(" ")[0] !== sha256) throw new Error(`${name}: other bytes`);
  if (!FORMATS[inspection.format].test(run("file", [path], dist))) throw new Error(`${name}: file disagrees`);
  if (inspection.format === "elf" && inspection.linkage.kind === "static") {
    if (/NEEDED/.test(run("readelf", ["-d", path], dist))) throw new Error(`${name}: readelf disagrees`);
  }
  if (inspection.format !== "wasm") {
    const said = JSON.parse(run("go", ["version", "-m", "-json", path], dist));
    const deps = (said.Deps ?? []).map((dep) => `${dep.Path}@${dep.Version}`).join();
    if (deps !== inspection.buildInfo.deps.map((dep) => `${dep.path}@${dep.version}`).join()) throw new Error(`${name}: go version -m disagrees`);
    if (said.Main.Path !== manifest.plan.module.path) throw new Error(`${name}: other module`);
  }
  if (target.os === "linux" && target.arch === { x64: "amd64", arm64: "arm64" }[arch()]) {
    const ran = ["--version", "-version", "version"].map((word) => spawnSync(path, [word], { encoding: "utf8", timeout: 10_000 }));
    if (ran.every((result) => result.error !== undefined)) throw new Error(`${name} does not start`);
  }
  rmSync(place, { recursive: true, force: true });
}

function run(file, args, cwd) {
  return execFileSync(file, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
}
