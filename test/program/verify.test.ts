import { generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Manifest } from "../../src/model/manifest.ts";
import { call, treeOf } from "../support/program.ts";
import { PROGRAM, type Repository, repositoryOf, temporaryFolder } from "../support/repository.ts";

const TARGETS = "--targets=linux/amd64,windows/arm64";

/** Without a package that takes long to compile: what is built again is built without a cache. */
const QUICK = {
  ...PROGRAM,
  "main.go": "package main\n\nvar version string\n\nfunc main() { println(version) }\n",
};

/** A repository with a dry release in `dist`. */
async function released(...more: readonly string[]): Promise<Repository> {
  const repository = repositoryOf(QUICK);
  const { status, stderr } = await call([TARGETS, ...more], repository.folder);
  expect(stderr).not.toContain("error:");
  expect(status).toBe(0);
  return repository;
}

describe("verify", () => {
  it("finds a release sound, builds it again to the same bytes, and leaves no trace", async () => {
    const { folder } = await released();
    const before = treeOf(folder);
    const { status, stdout } = await call(
      ["verify", "dist", "--any-signer", "--rebuild", TARGETS],
      folder,
    );
    expect(status).toBe(0);
    expect(stdout).toContain("✓ rebuilt: every byte is identical\n");
    expect(stdout).toContain("a throwaway key, which proves nothing");
    expect(treeOf(folder)).toEqual(before);
  }, 400_000);

  it("is a step of a job: the release is an input like any other", async () => {
    const { folder } = await released();
    const job = { GO_RELEASE_COMMAND: "verify", GO_RELEASE_RELEASE: "dist" };
    const step = await call([], folder, { ...job, GO_RELEASE_ANY_SIGNER: "true" });
    expect(step.status, step.stderr).toBe(0);
    expect(step.stdout).toContain("a throwaway key, which proves nothing");
    const pinned = { ...job, GO_RELEASE_CERTIFICATE_IDENTITY_REGEXP: ".*/octo/tool/.*" };
    const other = await call([], folder, pinned);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("dist failed verification");
    const both = await call(["verify", "elsewhere"], folder, job);
    expect(both.status).toBe(2);
    expect(both.stderr).toContain("elsewhere and `release` (dist) were both given");
  });

  it("believes a manifest no more of its programs than the archives show", async () => {
    const repository = await released("--no-provenance", "--sbom=none");
    const path = join(repository.folder, "dist", "manifest.json");
    const text = readFileSync(path, "utf8");
    const manifest = Manifest.parse(JSON.parse(text));
    const [first] = manifest.binaries;
    if (first !== undefined) first.sha256 = "0".repeat(64);
    writeFileSync(path, JSON.stringify(manifest));
    const argv = ["verify", "dist", "--any-signer", "--rebuild", TARGETS];
    const { status, stderr } = await call(argv, repository.folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/manifest\.json: \S+ in \S+ is [\da-f]{64}, not 0{64}/u);
    writeFileSync(path, text);

    repository.commit();
    const elsewhere = await call(
      ["verify", "dist", "--any-signer", "--rebuild", TARGETS],
      repository.folder,
    );
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stderr).toContain("check out the tag: `git checkout v1.2.3`");
  });

  it("builds again what was downloaded, from what its signed provenance says", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const keys = temporaryFolder();
    writeFileSync(join(keys, "key"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(keys, "pub"), publicKey.export({ type: "spki", format: "pem" }));
    const signed = ["--dry-run=false", "--forge=directory", `--sign-key=${join(keys, "key")}`];
    const { folder } = await released("--tags=netgo", "--rekor-url=none", ...signed);
    rmSync(join(folder, "dist", "manifest.json"));
    const argv = ["verify", "dist", `--key=${join(keys, "pub")}`, "--rebuild"];

    const same = await call([...argv, TARGETS, "--tags=netgo"], folder);
    expect(same.stderr).not.toContain("error:");
    expect(same.stdout).toContain("✓ rebuilt: every byte is identical\n");
    const other = await call([...argv, TARGETS], folder);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("settings.-tags was netgo, rebuilt it is absent");
    const fewer = await call([...argv, "--targets=linux/amd64", "--tags=netgo"], folder);
    expect(fewer.status).toBe(1);
    expect(fewer.stderr).toContain("planned differently from this checkout: tool_1.2.3_windows");
    expect(fewer.stderr).not.toContain("✓ build");
    rmSync(join(folder, "dist", "provenance.sigstore.json"));
    const unknown = await call([...argv, TARGETS], folder);
    expect(unknown.stderr).toContain("nothing records what this release was built from");
  }, 400_000);

  it("takes a part of a release with the reader's own key beside it, but builds no part again", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const path = join(temporaryFolder(), "key");
    writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }));
    const signed = ["--dry-run=false", "--forge=directory", `--sign-key=${path}`];
    const { folder } = await released("--rekor-url=none", ...signed);
    const dist = join(folder, "dist");
    writeFileSync(join(dist, "cosign.pub"), publicKey.export({ type: "spki", format: "pem" }));
    const argv = ["verify", "dist", "--key=dist/cosign.pub"];
    expect((await call([...argv, TARGETS], folder)).status).toBe(0);
    rmSync(join(dist, "manifest.json"));
    rmSync(join(dist, "tool_1.2.3_windows_arm64.zip"));

    const part = await call([...argv, TARGETS], folder);
    expect(part.stderr).toBe("");
    expect(part.stdout).toContain(
      "note: missing, and not verified: tool_1.2.3_windows_arm64.zip\n",
    );
    const again = await call([...argv, "--rebuild", TARGETS], folder);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain("1 files of the release are not here: tool_1.2.3_windows");
  });

  it("starts nothing because a manifest says so", async () => {
    const { folder } = await released("--no-provenance");
    const dist = join(folder, "dist");
    const path = join(dist, "manifest.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(join(dist, "more.zip"), "x");
    const unsound = await call(["verify", "dist", "--any-signer", "--rebuild", TARGETS], folder);
    expect(unsound.status).toBe(1);
    expect(unsound.stderr).not.toContain("build linux/amd64");
    rmSync(join(dist, "more.zip"));

    const manifest = Manifest.parse(JSON.parse(text));
    const builds = manifest.plan.builds.map((build) => ({
      ...build,
      flags: ["-toolexec=/tmp/somebody-elses"],
    }));
    writeFileSync(path, JSON.stringify({ ...manifest, plan: { ...manifest.plan, builds } }));
    const other = await call(["verify", "dist", "--any-signer", "--rebuild", TARGETS], folder);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("planned differently from this checkout: builds");
    expect(other.stderr).not.toContain("✓ build");
  });

  it("--rebuild asks for the inputs that the release was made with", async () => {
    const { folder } = await released("--title=First");
    const { status, stderr } = await call(["verify", "dist", "--any-signer", "--rebuild"], folder);
    expect(status).toBe(1);
    expect(stderr).toContain("planned differently from this checkout: builds, archives");
    expect(stderr).toContain('built with: {"targets":["linux/amd64,windows/arm64"]}\n');
  });

  it("--rebuild says so when the release was made without inputs", async () => {
    const { folder } = repositoryOf(PROGRAM);
    expect((await call(["--title=First"], folder)).status).toBe(0);
    const { status, stderr } = await call(
      ["verify", "dist", "--any-signer", "--rebuild", TARGETS],
      folder,
    );
    expect(status).toBe(1);
    expect(stderr).toContain("built with the defaults");
  });

  it("wants an identity and its issuer together", async () => {
    const argv = ["verify", "dist", "--certificate-identity=https://example.com/me"];
    const { status, stderr } = await call(argv, repositoryOf(PROGRAM).folder);
    expect(status).toBe(2);
    expect(stderr).toContain("is only half of an identity; also pass `--certificate-oidc-issuer`");
  });

  it.each([
    [
      "a byte more",
      (dist: string) => appendFileSync(join(dist, "checksums.txt"), "x"),
      "checksums.txt: it is",
    ],
    [
      "a file less",
      (dist: string) => rmSync(join(dist, "tool_1.2.3_linux_amd64.tar.gz")),
      "tool_1.2.3_linux_amd64.tar.gz",
    ],
    ["a file more", (dist: string) => writeFileSync(join(dist, "more.zip"), "x"), "more.zip"],
  ])("%s makes a release unsound", async (_, damage, says) => {
    const { folder } = await released();
    damage(join(folder, "dist"));
    const { status, stderr, stdout } = await call(["verify", "dist", "--json"], folder);
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "unsound" } });
  });

  it("is told apart from what is no release", async () => {
    const { status, stderr } = await call(["verify", "nowhere"], repositoryOf(PROGRAM).folder);
    expect(status).toBe(2);
    expect(stderr).toContain("verify: nowhere is neither a folder");
  });

  it.each([
    ["a single file", "dist/checksums.txt", 2, "give the folder that contains it, together"],
    ["a folder that is no release", ".", 1, "nothing to verify 3 files with"],
    ["a folder of links", "links", 1, "is a link or a device, not a file"],
  ])("does not take %s for a release", async (_what, operand, expected, says) => {
    const { folder } = repositoryOf(PROGRAM);
    mkdirSync(join(folder, "links"));
    symlinkSync("../go.mod", join(folder, "links", "checksums.txt"));
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "checksums.txt"), "");
    const { status, stderr } = await call(["verify", operand], folder);
    expect(status).toBe(expected);
    expect(stderr).toContain(says);
  });

  it.each([
    ["https://127.0.0.1:1/o/r/releases/tag/v1", 1, "cannot be reached in 4 tries: connect ECONN"],
    ["https://github.com/o/r/releases/tag/%E0%A4%A", 2, "is not the page of a release"],
  ])("is told apart from a bug of ours: %s", async (url, expected, says) => {
    const { status, stderr } = await call(["verify", url], repositoryOf(PROGRAM).folder);
    expect(status).toBe(expected);
    expect(stderr).toContain(says);
  });
});
