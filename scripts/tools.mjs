// Installs the programs that judge our work in the tests, pinned, into .tools/ (and, from Debian's packages, the
// few that no registry has). What is there already is left alone. Tests look for it by PATH and below .tools/.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../.tools", import.meta.url));
const bin = join(root, "bin");

/** From the Go module proxy. */
const goTools = {
  cosign: "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7",
  act: "github.com/nektos/act@v0.2.89",
};

/** From PyPI. */
const pythonTools = [
  "zizmor==1.32.0",
  "python-gitlab==8.6.0",
  "yamllint==1.38.0",
  "spdx-tools==0.8.5",
  // For GitLab's own schema of .gitlab-ci.yml alone.
  "check-jsonschema==0.39.0",
];

/** From npm; `node22` is a Node that is newer than the one we run on may be. */
const npmTools = ["gitlab-ci-local@4.75.1", `node22@npm:node-linux-${process.arch}@22.23.3`];

/** Commands, and the Debian packages that have them. */
const systemTools = {
  file: "file",
  unzip: "unzip",
  zipinfo: "unzip",
  readelf: "binutils",
  zstd: "zstd",
  rsync: "rsync",
  gh: "gh",
  dash: "dash",
  shellcheck: "shellcheck",
  openssl: "openssl",
};

mkdirSync(bin, { recursive: true });
const started = Date.now();
installSystem();
installGo();
installPython();
installNpm();
process.stdout.write(`tools are ready after ${Math.round((Date.now() - started) / 1000)} s\n`);

function installSystem() {
  const missing = Object.entries(systemTools).filter(([command]) => !isOnPath(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (process.platform !== "linux" || !isOnPath("apt-get")) {
    throw new Error(`install these yourself: ${packages.join(", ")}`);
  }
  const sudo = process.getuid?.() === 0 ? [] : ["sudo"];
  const apt = (...args) => run([...sudo, "apt-get", "-qq", ...args]);
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...packages);
}

function installGo() {
  for (const [name, source] of Object.entries(goTools)) {
    once(name, source, () => run(["go", "install", source], { GOBIN: bin, GOFLAGS: "" }));
  }
}

function installPython() {
  const venv = join(root, "venv");
  once("python", pythonTools.join(" "), () => {
    run(["python3", "-m", "venv", "--clear", venv]);
    // Not `pip` itself, which names the place where its venv was made first.
    run([join(venv, "bin", "python"), "-m", "pip", "install", "--quiet", ...pythonTools]);
  });
}

function installNpm() {
  const folder = join(root, "npm");
  once("npm", npmTools.join(" "), () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    run([
      "npm",
      "install",
      "--prefix",
      folder,
      "--no-audit",
      "--no-fund",
      "--save-exact",
      ...npmTools,
    ]);
  });
}

/** Runs `work` unless a note of an earlier run says that this very version is there. */
function once(name, version, work) {
  const note = join(root, `${name}.version`);
  if (existsSync(note) && readFileSync(note, "utf8") === version) return;
  process.stdout.write(`installing ${version}\n`);
  work();
  writeFileSync(note, version);
}

function isOnPath(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined;
}

function run([file, ...args], env = {}) {
  execFileSync(file, args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...env },
  });
}
