import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call } from "../../support/program.ts";
import { repositoryOf, SMALL, temporaryFolder } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const LONG = 600_000;
const NAME = "terraform-provider-tool";
const TREE = {
  ...SMALL,
  "go.mod": `module example.com/${NAME}\n\ngo 1.21\n`,
  ".go-release.yaml": "preset: terraform-provider\ntargets: [linux/amd64, windows/amd64]\n",
  "terraform-registry-manifest.json":
    '{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}\n',
};
const REAL = ["--dry-run=false", "--forge=directory", "--sign=none"];

/** A key, its ring, and what signs with it. */
function keyOf(kind: string): { readonly home: string; readonly key: string } {
  const home = temporaryFolder("gpg-");
  const gpg = [
    "--homedir",
    home,
    "--batch",
    "--quiet",
    "--pinentry-mode",
    "loopback",
    "--passphrase",
    "",
  ];
  const ask = (...args: readonly string[]) =>
    execFileSync("gpg", [...gpg, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  ask("--quick-gen-key", "Tool <tool@example.com>", kind, "sign", "never");
  return { home, key: ask("--export-secret-keys", "--armor") };
}

/**
 * What a registry does with a release: it finds list, signature and manifest by name, checks the signature, and each
 * zip that the list names (developer.hashicorp.com/terraform/registry/providers/publishing, "Manually Preparing a
 * Release").
 */
function ingested(folder: string, home: string) {
  const names = readdirSync(folder);
  const [, version = ""] =
    new RegExp(`^${NAME}_(.+)_SHA256SUMS$`, "mu").exec(names.join("\n")) ?? [];
  const stem = `${NAME}_${version}`;
  const list = join(folder, `${stem}_SHA256SUMS`);
  execFileSync("gpg", ["--homedir", home, "--verify", `${list}.sig`, list], { stdio: "ignore" });
  const sums = new Map(
    readFileSync(list, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const sound = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex") === sums.get(name);
  const manifest = JSON.parse(readFileSync(join(folder, `${stem}_manifest.json`), "utf8")) as {
    metadata: { protocol_versions: string[] };
  };
  const zips = names.filter((name) =>
    new RegExp(`^${stem}_[a-z0-9]+_[a-z0-9]+\\.zip$`, "u").test(name),
  );
  const programs = zips.map(
    (zip) =>
      execFileSync("unzip", ["-Z1", join(folder, zip)], { encoding: "utf8" })
        .split("\n")
        .find((name) => name.startsWith(NAME)) ?? "",
  );
  return {
    version,
    protocols: manifest.metadata.protocol_versions,
    sound: [...zips, `${stem}_manifest.json`].every(sound),
    platforms: zips.map((zip) => zip.slice(stem.length + 1, -4)),
    programs,
  };
}

describeWith("gpg", "unzip")("a provider of Terraform's", () => {
  it("is taken in by a registry", { timeout: LONG }, async () => {
    const { folder } = repositoryOf(TREE);
    const { home, key } = keyOf("rsa2048");
    const { status, stderr } = await call(REAL, folder, { GPG_PRIVATE_KEY: key });
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    expect(ingested(join(folder, "dist"), home)).toEqual({
      version: "1.2.3",
      protocols: ["6.0"],
      sound: true,
      platforms: ["linux_amd64", "windows_amd64"],
      programs: [`${NAME}_v1.2.3`, `${NAME}_v1.2.3.exe`],
    });
    expect((await call(["verify", "dist", "--any-signer"], folder)).status).toBe(0);
    const again = await call(["verify", "dist", "--any-signer", "--rebuild"], folder);
    expect(again.status, again.stderr + again.stdout).toBe(0);
  });

  it("is not signed on a curve", { timeout: LONG }, async () => {
    const { folder } = repositoryOf(TREE);
    const { status, stderr } = await call(REAL, folder, { GPG_PRIVATE_KEY: keyOf("ed25519").key });
    expect(status).toBe(1);
    expect(stderr).toContain("signs on a curve, which Terraform's registry does not know");
    expect(stderr).not.toContain("build linux/amd64");
  });
});
