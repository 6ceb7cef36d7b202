import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import pkg from "../../package.json" with { type: "json" };
import { bundle } from "../../scripts/bundle.mjs";
import { type OwnReleaseOptions, releaseItself } from "../../scripts/release/own-release.ts";
import { terminal } from "../../src/hosts/terminal/terminal.ts";
import { Secret } from "../../src/model/secret.ts";
import type { Surroundings } from "../../src/model/surroundings.ts";
import { node } from "../../src/world/node.ts";
import { startGitHub } from "../support/github/job.ts";
import { temporaryFolder } from "../support/repository.ts";
import { commandsIn, complaint } from "../support/runs/reader.ts";
import { startSigstore } from "../support/sigstore/services.ts";

const NAMES = [
  "checksums.txt",
  "checksums.txt.sigstore.json",
  `go-release-action-${pkg.version}.tar.gz`,
  `go-release-component-${pkg.version}.tar.gz`,
  "index.js",
  "provenance.sigstore.json",
];

/** `dist/` as the sources give it, wherever the committed one is. */
const bundled = mkdtempSync(join(tmpdir(), "go-release-own-test-"));
afterAll(() => rmSync(bundled, { recursive: true }));
beforeAll(async () => {
  const made = await bundle();
  for (const name of ["index.js", "package.json", "licenses.txt"] as const)
    writeFileSync(join(bundled, name), made[`dist/${name}`]);
});

function dryRun(folder: string) {
  const output = join(temporaryFolder(), "release");
  const args = ["scripts/release.mjs", "--dry-run", "--output", output, "--bundled", folder];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { output, status, stderr };
}

describe("a dry run of this project's own release", () => {
  it("makes the bundle and both archives, signed, and our verify finds them sound", () => {
    const { status, stderr, output } = dryRun(bundled);
    expect(status, stderr).toBe(0);
    const files = readdirSync(output).filter(
      (name) => !/^(\.gitignore|(manifest|plan)\.json)$/u.test(name),
    );
    expect(files.sort()).toEqual(NAMES);
    const judged = spawnSync(
      process.execPath,
      [inject("bundle"), "verify", output, "--any-signer"],
      {
        encoding: "utf8",
      },
    );
    expect(judged.status, judged.stderr).toBe(0);
    expect(judged.stdout).toContain("✓ 5 subjects of provenance.sigstore.json");
    const unpacked = temporaryFolder();
    execFileSync("tar", ["-xzf", join(output, `go-release-action-${pkg.version}.tar.gz`)], {
      cwd: unpacked,
    });
    const action = join(unpacked, `go-release-action-${pkg.version}`);
    expect(readFileSync(join(action, "dist/index.js"))).toEqual(
      readFileSync(join(bundled, "index.js")),
    );
    for (const path of ["action.yml", "node24/action.yml", "LICENSE"])
      expect(readFileSync(join(action, path))).toEqual(readFileSync(path));
    const again = dryRun(bundled);
    const sums = (folder: string) => readFileSync(join(folder, "checksums.txt"), "utf8");
    expect(sums(again.output)).toBe(sums(output));
  });

  it("refuses a bundle that the sources do not give", () => {
    const stale = temporaryFolder();
    for (const name of readdirSync(bundled)) copyFileSync(join(bundled, name), join(stale, name));
    writeFileSync(join(stale, "index.js"), "// another one\n");
    const { status, stderr } = dryRun(stale);
    expect(status).toBe(1);
    expect(stderr).toContain("index.js is not what the sources give\n  → npm run render");
  });
});

describe("this project's own release", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const changelog = "# Changelog\n\n## 9.9.9\n\n- All of it.\n";

  /** GitHub and sigstore on loopback, and a workflow's job on the tag. */
  async function place(change: Partial<Surroundings> = {}) {
    const [github, sigstore] = [await startGitHub(), await startSigstore()];
    onTestFinished(() => sigstore.close());
    github.tags.set("v9.9.9", commit);
    const screen = { write: () => {}, live: false, colour: false, columns: 80, rows: 24 };
    const surroundings: Surroundings = {
      ci: true,
      folder: "/",
      forge: "github",
      repository: github.repository,
      apiUrl: github.origin,
      serverUrl: github.origin,
      ref: { kind: "tag", name: "v9.9.9" },
      token: new Secret(github.token),
      identity: {
        kind: "github",
        url: sigstore.offer.url,
        token: new Secret(sigstore.offer.token),
      },
      public: true,
      ...change,
    };
    const host = {
      ...terminal({ folder: "/", env: {}, screen, now: Date.now, every: () => () => {} }),
      surroundings,
    };
    const tree = temporaryFolder();
    writeFileSync(join(tree, "README.md"), "# one file\n");
    const { url } = sigstore;
    const options: OwnReleaseOptions = {
      version: "9.9.9",
      commit,
      date: "2026-01-31T12:00:00Z",
      changelog,
      dryRun: false,
      services: { fulcioUrl: url, rekorUrl: url, tsaUrl: url },
      trustedRoot: sigstore.trustedRoot,
      world: await node(),
      host,
      output: join(temporaryFolder(), "release"),
      bundle: join(bundled, "index.js"),
      trees: [{ name: "go-release-component-9.9.9", folder: tree }],
      signal: new AbortController().signal,
    };
    return { github, sigstore, options };
  }

  it("publishes what it signed, with commands for the reader that hold, and once", async () => {
    const { github, sigstore, options } = await place();
    const manifest = await releaseItself(options);
    const release = github.published("v9.9.9");
    expect(release?.body).toContain("- All of it.");
    expect(release?.assets.map(({ name }) => name).sort()).toEqual(
      manifest.artifacts.map(({ name }) => name).sort(),
    );
    const folder = temporaryFolder();
    for (const { name, content } of release?.assets ?? [])
      writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, "trusted_root.json"), sigstore.trustedRoot);
    const commands = commandsIn(release?.body ?? "");
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(complaint(folder, command)).toBeUndefined();
    const before = JSON.stringify(github.releases);
    await releaseItself(options);
    expect(JSON.stringify(github.releases)).toBe(before);
  });

  it.each<[string, Partial<OwnReleaseOptions>, Partial<Surroundings>, string]>([
    ["another tag", {}, { ref: { kind: "tag", name: "v9.9.8" } }, "this run is not for v9.9.9"],
    ["no notes", { changelog: "## Unreleased\n" }, {}, "CHANGELOG.md has no section 9.9.9"],
    [
      "no identity",
      {},
      { identity: undefined as never },
      "no identity token is available in this run",
    ],
  ])("with %s is refused before anything is made", async (_what, change, surroundings, message) => {
    const { github, options } = await place(surroundings);
    await expect(releaseItself({ ...options, ...change })).rejects.toThrow(message);
    expect(github.server.log).toEqual([]);
  });
});
