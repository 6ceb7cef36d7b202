import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { asRoot, isRoot } from "../../support/as-root.ts";
import { type RealRegistry, startRegistry } from "../../support/images/real-registry.ts";
import { call, type Outcome } from "../../support/program.ts";
import { emptyRepository } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

const MAIN = `package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"os/user"
	"time"
)

var version = "dev"

func main() {
	_, zone := time.LoadLocation("Asia/Tokyo")
	_, certificates := x509.SystemCertPool()
	who, _ := user.Current()
	_, temporary := os.CreateTemp("", "x")
	fmt.Println("hello", version, os.Args[1:], zone, certificates, who.Username, temporary)
}
`;

let folder: string;
let registry: RealRegistry;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  registry = await startRegistry();
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(folder, "cosign.pub"), publicKey.export({ type: "spki", format: "pem" }));
  env = { DOCKER_CONFIG: folder, CI: "true", COSIGN_PRIVATE_KEY: join(folder, "key.pem") };
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A tagged project in a folder of its own, with these rows of `images`. */
function project(name: string, images: readonly object[], version = "v1.2.3"): string {
  const path = join(folder, name);
  mkdirSync(path);
  const config = { targets: ["linux/amd64", "linux/arm/6"], images };
  emptyRepository(
    {
      "go.mod": "module example.com/hello\n\ngo 1.22\n",
      "main.go": MAIN,
      LICENSE: "MIT\n",
      ".go-release.yaml": JSON.stringify(config),
    },
    path,
  ).commit(version);
  return path;
}

async function release(path: string, ...more: readonly string[]): Promise<Outcome> {
  const args = ["release", "--dry-run=false", "--forge=directory", "--rekor-url=none", ...more];
  return await call(args, path, env);
}

function imagesIn(path: string): NonNullable<Manifest["images"]> {
  const text = readFileSync(join(path, "dist", "manifest.json"), "utf8");
  return (JSON.parse(text) as Manifest).images ?? [];
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A program of an unpacked image, run as its user with nothing but the image around it. */
function started(rootfs: string, ...words: readonly string[]): string {
  return asRoot("chroot", "--userspec=65532:65532", rootfs, "/usr/local/bin/hello", ...words);
}

describeWith(
  "registry",
  "crane",
  "skopeo",
  "umoci",
  "cosign",
)("an image", () => {
  it("of a dry run is an OCI archive that others read, the same on any machine", async () => {
    const row = { repository: `${registry.host}/octo/dry`, ports: [8080], cmd: ["serve"] };
    const digests = new Set<string>();
    for (const name of ["dry-one", "dry-two"]) {
      const path = project(name, [row]);
      const outcome = await call(["release", "--dry-run"], path, env);
      expect(outcome.status, outcome.stderr).toBe(0);
      const [image] = imagesIn(path);
      const archive = join(path, "dist", image?.archive ?? "");
      digests.add(createHash("sha256").update(readFileSync(archive)).digest("hex"));
      const inspected = run("skopeo", "inspect", "--raw", `oci-archive:${archive}`);
      expect(`sha256:${createHash("sha256").update(inspected).digest("hex")}`).toBe(image?.digest);
      const verified = await call(["verify", "dist", "--any-signer"], path, env);
      expect(verified.status, verified.stderr).toBe(0);
    }
    expect(digests.size).toBe(1);
    expect(
      spawnSync("crane", ["digest", "--insecure", `${registry.host}/octo/dry:1.2.3`]).status,
    ).not.toBe(0);
  });

  it("is pushed, tagged, signed and attested, and everybody's tools accept it", async () => {
    const repository = `${registry.host}/octo/hello`;
    const path = project("hello", [{ repository }]);
    const outcome = await release(path);
    expect(outcome.status, outcome.stderr).toBe(0);
    const [image] = imagesIn(path);
    expect(image).toMatchObject({ repository, tags: ["1.2.3", "1.2", "latest"], untagged: [] });
    for (const tag of ["1.2.3", "1.2", "latest"])
      expect(run("crane", "digest", `${repository}:${tag}`).trim()).toBe(image?.digest);
    run("crane", "validate", "--remote", `${repository}:latest`);
    const shown = run("skopeo", "inspect", "--tls-verify=false", `docker://${repository}:1.2.3`);
    expect(shown).toContain('"org.opencontainers.image.version": "1.2.3"');
    const trust = ["--key=cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry"];
    run("cosign", "verify", ...trust, `${repository}:1.2.3`);
    for (const type of ["slsaprovenance1", "cyclonedx"])
      run(
        "cosign",
        "verify-attestation",
        ...trust,
        `--type=${type}`,
        `${repository}@${image?.digest}`,
      );
    expect(outcome.stderr).toContain(`cosign verify --key cosign.pub`);
    // A second run finds everything, signs nothing anew, and moves nothing.
    const before = run("crane", "ls", repository);
    const again = await release(path);
    expect(again.status, again.stderr).toBe(0);
    expect(again.stderr).not.toContain(`sign ${repository}`);
    expect(run("crane", "ls", repository)).toBe(before);
  });

  it("starts its program with what it needs, as nobody's user", async () => {
    const layout = join(folder, "layout");
    const image = `docker://${registry.host}/octo/hello:1.2.3`;
    run(
      "skopeo",
      "--override-arch=amd64",
      "copy",
      "-q",
      "--src-tls-verify=false",
      image,
      `oci:${layout}:x`,
    );
    const rootless = isRoot() ? [] : ["--rootless"];
    run("umoci", "unpack", ...rootless, "--image", `${layout}:x`, join(folder, "bundle"));
    const rootfs = join(folder, "bundle", "rootfs");
    expect(started(rootfs, "you")).toBe("hello 1.2.3 [you] <nil> <nil> nonroot <nil>\n");
    expect(existsSync(join(rootfs, "etc/ssl/certs/ca-certificates.crt"))).toBe(true);
  });

  it("on a base has the base's layers below its own, and the platform that fits", async () => {
    const base = `${registry.host}/octo/hello@${run("crane", "digest", `${registry.host}/octo/hello:1.2.3`).trim()}`;
    const repository = `${registry.host}/octo/based`;
    const path = project("based", [{ repository, base, labels: { own: "{version}" } }]);
    const outcome = await release(path, "--sign=none");
    expect(outcome.status, outcome.stderr).toBe(0);
    run("crane", "validate", "--remote", `${repository}:1.2.3`);
    for (const platform of ["linux/amd64", "linux/arm/v6"]) {
      const layersOf = (name: string) => {
        const text = run("crane", "manifest", "--platform", platform, name);
        return (JSON.parse(text) as { layers: { digest: string }[] }).layers.map(
          ({ digest }) => digest,
        );
      };
      expect(layersOf(`${repository}:1.2.3`).slice(0, 2)).toEqual(layersOf(base));
    }
    const config = run("crane", "config", "--platform=linux/amd64", `${repository}:1.2.3`);
    expect(JSON.parse(config)).toMatchObject({
      config: { User: "65532:65532", Labels: { own: "1.2.3" } },
    });
    const unfit = project("unfit", [{ repository, base, targets: ["linux/arm/5"] }]);
    writeFileSync(
      join(unfit, ".go-release.yaml"),
      JSON.stringify({ targets: ["linux/arm/5"], images: [{ repository, base }] }),
    );
    const refused = await call(["check", "--dry-run"], unfit, env);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/is not for linux\/arm\/5[\s\S]*linux\/amd64, linux\/arm\/v6/u);
  });

  it("of a backport moves no tag of what is newer, and no tag of a version names another image", async () => {
    const repository = `${registry.host}/octo/line`;
    const row = { repository, certificates: false, timeZones: false };
    for (const version of ["v1.2.3", "v1.2.2"]) {
      const outcome = await release(project(`line-${version}`, [row], version), "--sign=none");
      expect(outcome.status, outcome.stderr).toBe(0);
    }
    const digest = (tag: string) => run("crane", "digest", `${repository}:${tag}`).trim();
    expect(digest("latest")).toBe(digest("1.2.3"));
    expect(digest("1.2")).toBe(digest("1.2.3"));
    expect(digest("1.2.2")).not.toBe(digest("1.2.3"));
    const changed = project("line-changed", [{ ...row, cmd: ["other"] }]);
    const refused = await release(changed, "--sign=none");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/octo\/line:1\.2\.3 is there already, and is another image/u);
    const replaced = await release(changed, "--sign=none", "--replace");
    expect(replaced.status, replaced.stderr).toBe(0);
  });
});
