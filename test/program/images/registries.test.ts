import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import {
  type RealRegistry,
  type RegistryMaker,
  startRegistry,
} from "../../support/images/real-registry.ts";
import { call, type Outcome } from "../../support/program.ts";
import { emptyRepository } from "../../support/repository.ts";
import { describeWith } from "../../support/tools.ts";

let folder: string;
let env: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "registries-"));
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(folder, "cosign.pub"), publicKey.export({ type: "spki", format: "pem" }));
  env = { DOCKER_CONFIG: folder, CI: "true", COSIGN_PRIVATE_KEY: join(folder, "key.pem") };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A tagged project with an image in a repository of that registry. */
function project(repository: string, version: string): string {
  const path = join(folder, `${repository.replaceAll(/\W/gu, "-")}-${version}`);
  mkdirSync(path);
  const row = { repository, certificates: false, timeZones: false };
  emptyRepository(
    {
      "go.mod": "module example.com/hello\n\ngo 1.22\n",
      "main.go": 'package main\n\nfunc main() { println(version) }\n\nvar version = "dev"\n',
      ".go-release.yaml": JSON.stringify({
        targets: ["linux/amd64", "linux/arm/6"],
        images: [row],
      }),
    },
    path,
  ).commit(version);
  return path;
}

async function release(path: string, ...more: readonly string[]): Promise<Outcome> {
  const args = ["release", "--dry-run=false", "--forge=directory", "--rekor-url=none", ...more];
  return await call(args, path, env);
}

function run(program: string, ...args: readonly string[]): string {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: [...stdio] }).trim();
}

/** Everything that tags name there. */
function taggedIn(repository: string): readonly string[] {
  return run("crane", "ls", repository)
    .split("\n")
    .map((tag) => `${tag} ${run("crane", "digest", `${repository}:${tag}`)}`);
}

const tools = ["registry", "crane", "skopeo", "cosign"];

describeWith(...tools)("an image", () => {
  describe.each<RegistryMaker>(["distribution", "crane", "ociregistry"])("in %s", (maker) => {
    let registry: RealRegistry;
    let repository: string;
    let path: string;
    beforeAll(async () => {
      registry = await startRegistry(maker);
      repository = `${registry.host}/octo/hello`;
      path = project(repository, "v1.2.3");
    });
    afterAll(() => registry.close());

    it("is tagged, signed and attested, as everybody's tools find it", async () => {
      const outcome = await release(path);
      expect(outcome.status, outcome.stderr).toBe(0);
      const text = readFileSync(join(path, "dist", "manifest.json"), "utf8");
      const digest = (JSON.parse(text) as Manifest).images?.[0]?.digest ?? "";
      for (const tag of ["1.2.3", "1.2", "latest"])
        expect(run("crane", "digest", `${repository}:${tag}`)).toBe(digest);
      run("crane", "validate", "--remote", `${repository}:1.2.3`);
      const shown = run("skopeo", "inspect", "--tls-verify=false", `docker://${repository}:latest`);
      expect(shown).toContain('"org.opencontainers.image.version": "1.2.3"');
      const trust = ["--key=cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry"];
      run("cosign", "verify", ...trust, `${repository}@${digest}`);
      for (const type of ["slsaprovenance1", "cyclonedx"])
        run("cosign", "verify-attestation", ...trust, `--type=${type}`, `${repository}@${digest}`);
      const key = `--key=${join(folder, "cosign.pub")}`;
      const verified = await call(["verify", "dist", "--verify-images", key], path, env);
      expect(verified.status, verified.stderr).toBe(0);
    });

    it("is left as it is by a second run, and a tag of a version stays what it is", async () => {
      const before = taggedIn(repository);
      const again = await release(path);
      expect(again.status, again.stderr).toBe(0);
      expect(again.stderr).not.toContain(`sign ${repository}`);
      expect(taggedIn(repository)).toEqual(before);
      const backport = await release(project(repository, "v1.2.2"), "--sign=none");
      expect(backport.status, backport.stderr).toBe(0);
      expect(taggedIn(repository)).toEqual(expect.arrayContaining([...before]));
      const text = JSON.parse(readFileSync(join(path, ".go-release.yaml"), "utf8")) as {
        images: object[];
      };
      const changed = { ...text, images: text.images.map((row) => ({ ...row, cmd: ["other"] })) };
      const other = join(folder, `${maker}.yaml`);
      writeFileSync(other, JSON.stringify(changed));
      const refused = await release(path, "--config", other, "--sign=none");
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(/1\.2\.3 is there already, and is another image/u);
      expect(taggedIn(repository)).toEqual(expect.arrayContaining([...before]));
    });
  });
});
