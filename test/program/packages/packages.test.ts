import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { archives } from "../../../src/archives/index.ts";
import { call, treeOf } from "../../support/program.ts";
import {
  PROGRAM,
  type Repository,
  repositoryOf,
  SMALL,
  temporaryFolder,
} from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";
import { entry, pack } from "../../unit/archives/samples.ts";

/** The maker of packages is compiled once on a machine, which takes its time. */
const LONG = 900_000;

const CONFIG = `targets: [linux/amd64, linux/arm64, windows/amd64]
files: [LICENSE, README.md, "man/*", "completions/*"]
metadata:
  description: answers every question that nobody asked
  maintainer: Tool Team <tool@example.com>
  license: MIT
  homepage: https://example.com/tool
packages:
  - formats: [deb, rpm, apk, archlinux]
    files:
      - { from: etc/tool.yaml, to: /etc/tool/tool.yaml, type: config }
      - { to: /var/lib/tool, type: dir, mode: "0750" }
      - { from: tool, to: /usr/bin/t, type: symlink }
    systemd: etc/*.service
    scripts: { postinstall: etc/post.sh }
`;

const TREE = {
  ...SMALL,
  ".go-release.yaml": CONFIG,
  "README.md": "# tool\n",
  "man/tool.1": ".TH TOOL 1\n.SH NAME\ntool \\- answers\n",
  "completions/tool.bash": "complete -W help tool\n",
  "etc/tool.yaml": "answer: 42\n",
  "etc/tool.service": "[Unit]\nDescription=tool\n[Service]\nExecStart=/usr/bin/tool\n",
  "etc/post.sh": "#!/bin/sh\nset -e\nexit 0\n",
};

function ask(file: string, ...args: readonly string[]): string {
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

async function released(repository: Repository, env: Record<string, string> = {}): Promise<string> {
  const { status, stderr } = await call(["--dry-run=true"], repository.folder, env);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  return join(repository.folder, "dist");
}

/** Releases of two versions in folders that go with the first test that uses them. */
async function twoVersions(): Promise<readonly [string, string]> {
  const repository = repositoryOf(TREE);
  const first = await released(repository);
  const kept = temporaryFolder();
  execFileSync("cp", ["-a", `${first}/.`, kept]);
  repository.commit("v1.3.0");
  return [kept, await released(repository)];
}

describeWith(
  "dpkg-deb",
  "rpm",
  "pacman",
  "lintian",
  "rpmlint",
)("packages of two versions", () => {
  it("are installed, upgraded and removed by the real package managers", {
    timeout: LONG,
  }, async () => {
    const [old, recent] = await twoVersions();
    const root = temporaryFolder();
    expect(installedByDpkg(join(root, "deb"), old, recent)).toEqual({
      installed: "1.3.0-1",
      config: "answer: 43\n",
      rests: [],
    });
    expect(installedByRpm(join(root, "rpm"), old, recent)).toEqual({
      installed: "1.3.0-1",
      changed: "",
      rests: false,
    });
    expect(installedByPacman(join(root, "pacman"), old, recent)).toEqual({
      installed: "tool 1.3.0-1",
      altered: expect.stringContaining("0 altered files") as string,
      rests: false,
    });
    expect(ask("tar", "-xzOf", join(recent, "tool-1.3.0-r0.x86_64.apk"), ".PKGINFO")).toContain(
      "pkgver = 1.3.0-r0\n",
    );
    const said = ask(
      "sh",
      "-c",
      `lintian --fail-on none "$0" 2>/dev/null`,
      join(recent, "tool_1.3.0-1_amd64.deb"),
    );
    expect(
      said
        .split("\n")
        .flatMap((line) => /^[EW]: tool: (\S+)/u.exec(line)?.[1] ?? [])
        .sort(),
    ).toEqual(LINES);
    expect(saidByRpmlint(join(recent, "tool-1.3.0-1.x86_64.rpm"))).toEqual(RPM_LINES);
  });

  it("are the same bytes in another folder, at another time", { timeout: LONG }, async () => {
    const repository = repositoryOf(TREE);
    const list = (folder: string) => readFileSync(join(folder, "checksums.txt"), "utf8");
    const one = list(await released(repository));
    const other = repositoryOf(TREE);
    expect(list(await released(other, { TZ: "Pacific/Kiritimati", HOSTNAME: "other" }))).toBe(one);
    expect(one.match(/\.(deb|rpm|apk|pkg\.tar\.zst)$/gmu)).toHaveLength(8);
    const verdict = await call(["verify", "dist", "--any-signer"], other.folder);
    expect(verdict.status).toBe(0);
  });
});

/** What stays: a program of Go links nothing, an own package has no Debian changelog, one line describes it. */
const LINES = [
  "copyright-without-copyright-notice",
  "extended-description-is-empty",
  "maintainer-script-empty",
  "no-changelog",
  "no-manual-page",
  "non-standard-dir-perm",
  "statically-linked-binary",
];

/**
 * What stays: the description is the project's own, `config` is what was asked for, files of rpms made outside of rpm
 * have no class by which programs are known, and Fedora writes neither groups nor changelogs by hand.
 */
const RPM_LINES = [
  "conffile-without-noreplace-flag",
  "invalid-license",
  "manpage-not-compressed",
  "no-binary",
  "no-changelogname-tag",
  "no-group-tag",
  "no-manual-page-for-binary",
  "no-signature",
  "non-standard-dir-perm",
  "only-non-binary-in-usr-lib",
  "summary-not-capitalized",
];

function saidByRpmlint(path: string): readonly string[] {
  const said = ask("sh", "-c", `rpmlint "$0" || :`, path);
  const rules = said.split("\n").flatMap((line) => /: [EW]: (\S+)/u.exec(line)?.[1] ?? []);
  return [...new Set(rules)].sort();
}

function installedByDpkg(root: string, old: string, recent: string) {
  mkdirSync(join(root, "var/lib/dpkg/updates"), { recursive: true });
  mkdirSync(join(root, "var/lib/dpkg/info"));
  writeFileSync(join(root, "var/lib/dpkg/status"), "");
  const dpkg = (...args: readonly string[]) =>
    ask(
      "dpkg",
      `--root=${root}`,
      "--force-script-chrootless",
      "--force-not-root",
      "--log=/dev/null",
      ...args,
    );
  dpkg("-i", join(old, "tool_1.2.3-1_amd64.deb"));
  // What people changed stays when the package is upgraded.
  writeFileSync(join(root, "etc/tool/tool.yaml"), "answer: 43\n");
  dpkg("-i", join(recent, "tool_1.3.0-1_amd64.deb"));
  const installed = ask(
    "dpkg-query",
    `--admindir=${join(root, "var/lib/dpkg")}`,
    "-W",
    "-f",
    "$" + "{Version}",
    "tool",
  );
  const config = readFileSync(join(root, "etc/tool/tool.yaml"), "utf8");
  dpkg("-P", "tool");
  const rests = Object.keys(treeOf(root)).filter((path) => !path.startsWith("var"));
  return { installed, config, rests };
}

function installedByRpm(root: string, old: string, recent: string) {
  mkdirSync(root, { recursive: true });
  const rpm = (...args: readonly string[]) => ask("rpm", "--root", root, ...args);
  rpm("--initdb");
  rpm("--noscripts", "-i", join(old, "tool-1.2.3-1.x86_64.rpm"));
  rpm("--noscripts", "-U", join(recent, "tool-1.3.0-1.x86_64.rpm"));
  const installed = rpm("-q", "--qf", "%{VERSION}-%{RELEASE}", "tool");
  const changed = rpm("-V", "tool");
  rpm("--noscripts", "-e", "tool");
  return { installed, changed, rests: existsSync(join(root, "usr/bin/tool")) };
}

function installedByPacman(root: string, old: string, recent: string) {
  const database = join(root, "var/lib/pacman");
  mkdirSync(database, { recursive: true });
  const settings = join(root, "pacman.conf");
  writeFileSync(settings, "[options]\nArchitecture = auto\nSigLevel = Never\n");
  const pacman = (...args: readonly string[]) =>
    ask(
      "pacman",
      "--config",
      settings,
      "--root",
      root,
      "--dbpath",
      database,
      "--cachedir",
      join(root, "cache"),
      ...args,
    );
  const change = ["--noconfirm", "--noscriptlet", "--logfile", join(root, "log")];
  pacman(...change, "-U", join(old, "tool-1.2.3-1-x86_64.pkg.tar.zst"));
  pacman(...change, "-U", join(recent, "tool-1.3.0-1-x86_64.pkg.tar.zst"));
  const installed = pacman("-Q", "tool").trim();
  const altered = pacman("-Qkk", "tool");
  pacman(...change, "-R", "tool");
  return { installed, altered, rests: existsSync(join(root, "usr/bin/tool")) };
}

it("packages of a release in parts are made by the job that publishes, with the same bytes", {
  timeout: LONG,
}, async () => {
  const whole = repositoryOf(TREE);
  const one = readFileSync(join(await released(whole), "checksums.txt"), "utf8");
  const { folder } = repositoryOf(TREE);
  for (const index of [1, 2, 3]) {
    const shard = `--shard=${index}/3`;
    const { status, stderr } = await call(["build", shard, `--output=shards/${index}`], folder);
    expect(stderr).not.toContain("nfpm");
    expect(status).toBe(0);
  }
  const { status, stderr } = await call(["publish", "--from=shards", "--dry-run=true"], folder);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "dist/checksums.txt"), "utf8")).toBe(one);
});

describeWith("go")("the maker of packages", () => {
  let cache = "";
  beforeAll(() => {
    cache = join(ask("go", "env", "GOMODCACHE").trim(), "cache/download");
  });
  const tree = { ...PROGRAM, ".go-release.yaml": "packages: deb\ntargets: linux/amd64\n" };

  it("that cannot be fetched is told before anything is built", async () => {
    const { folder } = repositoryOf(tree);
    const env = { GOPROXY: "off", GOMODCACHE: temporaryFolder() };
    const { status, stderr } = await call(["--dry-run=true"], folder, env);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "error: nfpm (github.com/goreleaser/nfpm/v2 v2.43.1) cannot be fetched",
    );
    expect(stderr).not.toContain("build linux/amd64");
    expect(readdirSync(join(folder, "dist"))).toEqual([".gitignore"]);
  });

  it("is refused where a proxy has other files than its go.sum", { timeout: LONG }, async () => {
    const { folder } = repositoryOf(tree);
    const proxy = temporaryFolder();
    const place = join(proxy, "gopkg.in/yaml.v3/@v");
    mkdirSync(place, { recursive: true });
    for (const end of ["info", "mod"])
      writeFileSync(
        join(place, `v3.0.1.${end}`),
        readFileSync(join(cache, `gopkg.in/yaml.v3/@v/v3.0.1.${end}`)),
      );
    const forged = [entry("gopkg.in/yaml.v3@v3.0.1/yaml.go", "package yaml\n")];
    writeFileSync(join(place, "v3.0.1.zip"), await pack(archives.zip, forged));
    const env = {
      GOPROXY: `file://${proxy},file://${cache}`,
      GOMODCACHE: temporaryFolder(),
      GOFLAGS: "-modcacherw",
    };
    const { status, stderr } = await call(["--dry-run=true"], folder, env);
    expect(stderr).toContain(
      "error: what was fetched for nfpm is not github.com/goreleaser/nfpm/v2 v2.43.1",
    );
    expect(stderr).toContain("gopkg.in/yaml.v3@v3.0.1");
    expect(status).toBe(1);
  });
});
