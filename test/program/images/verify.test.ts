import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { FakeRegistry } from "../../support/images/fake-registry.ts";
import { call, type Outcome } from "../../support/program.ts";
import { emptyRepository } from "../../support/repository.ts";

const NAME = "octo/hello";
const LOGIN = { user: "octo", password: "a password of nobody" };

let folder: string;
let project: string;
let registry: FakeRegistry;
let env: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "verify-images-"));
  registry = new FakeRegistry();
  await registry.listen();
  for (const name of ["own", "other"]) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(join(folder, `${name}.key`), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(folder, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
  }
  env = { DOCKER_CONFIG: folder, CI: "true", COSIGN_PRIVATE_KEY: join(folder, "own.key") };
  const row = { repository: `${registry.host}/${NAME}`, certificates: false, timeZones: false };
  const repository = emptyRepository({
    "go.mod": "module example.com/hello\n\ngo 1.22\n",
    "main.go": "package main\n\nfunc main() {}\n",
    ".go-release.yaml": JSON.stringify({ targets: ["linux/amd64"], images: [row] }),
  });
  repository.commit("v1.2.3");
  project = repository.folder;
});
afterEach(async () => {
  await registry.close();
  for (const path of [folder, project]) rmSync(path, { recursive: true, force: true });
});

async function release(...more: readonly string[]): Promise<Manifest> {
  const args = ["release", "--dry-run=false", "--forge=directory", "--rekor-url=none", ...more];
  const outcome = await call(args, project, env);
  expect(outcome.status, outcome.stderr).toBe(0);
  registry.log.length = 0;
  return JSON.parse(readFileSync(join(project, "dist", "manifest.json"), "utf8")) as Manifest;
}

async function verify(...more: readonly string[]): Promise<Outcome> {
  const args = ["verify", "dist", "--key", join(folder, "own.pub"), ...more];
  return await call(args, project, env);
}

/** The images that a registry has of the release, each with a repository of its own. */
function digestOf({ images }: Manifest): string {
  return images?.[0]?.digest ?? "";
}

describe("verify of a release with an image", () => {
  it("asks no registry by itself, and says so", async () => {
    const manifest = await release();
    const outcome = await verify();
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stdout).toContain(`not verified here: ${registry.host}/${NAME}@sha256:`);
    expect(outcome.stdout).toContain(digestOf(manifest));
    expect(registry.log).toEqual([]);
  });

  it("finds the image, the tag of its version and what was stated of it", async () => {
    await release();
    const outcome = await verify("--verify-images");
    expect(outcome.status, outcome.stderr).toBe(0);
    expect(outcome.stdout).toMatch(/the image \S+@sha256:[0-9a-f]{64}, which 1\.2\.3 names/u);
    for (const what of ["signature", "provenance", "SBOM"])
      expect(outcome.stdout).toContain(`the ${what} of ${registry.host}/${NAME}@`);
    // A newer release takes over what follows it.
    registry.at(NAME).tags.delete("latest");
    expect((await verify("--verify-images")).status).toBe(0);
  });

  it.each<[string, (digest: string) => void, RegExp]>([
    [
      "a tag of the version that names another image",
      () => {
        const [other = ""] = [...registry.at(NAME).manifests.keys()];
        registry.at(NAME).tags.set("1.2.3", other);
      },
      /:1\.2\.3: the tag names sha256:/u,
    ],
    [
      "a tag that is gone",
      () => void registry.at(NAME).tags.delete("1.2.3"),
      /there is no such tag/u,
    ],
    [
      "an image that is gone",
      (digest) => void registry.at(NAME).manifests.delete(digest),
      /its registry does not have it/u,
    ],
    [
      "no statement beside it",
      (digest) => void registry.at(NAME).tags.delete(digest.replace(":", "-")),
      /no signature of it is good: it has none[\s\S]*no provenance[\s\S]*no SBOM/u,
    ],
  ])("fails for %s", async (_, harm, said) => {
    harm(digestOf(await release()));
    const outcome = await verify("--verify-images");
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(said);
  });

  it("takes no statement of another signer, and is not disturbed by one beside its own", async () => {
    const own = digestOf(await release());
    const list = own.replace(":", "-");
    const before = registry.at(NAME).tags.get(list) ?? "";
    // Another person who may push there signs the same image.
    registry.at(NAME).tags.delete(list);
    registry.at(NAME).tags.delete("1.2.3");
    env = { ...env, COSIGN_PRIVATE_KEY: join(folder, "other.key") };
    rmSync(join(project, "dist"), { recursive: true });
    const foreign = await release();
    expect(digestOf(foreign)).toBe(own);
    rmSync(join(project, "dist"), { recursive: true });
    env = { ...env, COSIGN_PRIVATE_KEY: join(folder, "own.key") };
    const foreignList = registry.at(NAME).tags.get(list) ?? "";
    await release();
    // Both are there now: one is enough.
    expect((await verify("--verify-images")).status).toBe(0);
    registry.at(NAME).tags.set(list, foreignList);
    const refused = await verify("--verify-images");
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/no signature of it is good: it was made with the key/u);
    registry.at(NAME).tags.set(list, before);
    expect((await verify("--verify-images")).status).toBe(0);
  });

  it("gives a password to nobody whom the caller did not name for it", async () => {
    await release();
    const auth = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64");
    writeFileSync(
      join(folder, "config.json"),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    registry.traits = { login: LOGIN, scheme: "basic" };
    const alone = await verify("--verify-images");
    expect(alone.status).toBe(1);
    expect(alone.stderr).toContain("--registry-user");
    env = { ...env, GO_RELEASE_REGISTRY_PASSWORD: LOGIN.password };
    const elsewhere = ["--registry=127.0.0.1:9", "--registry-user=octo"];
    expect((await verify("--verify-images", ...elsewhere)).status).toBe(1);
    expect(registry.log.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    const named = await verify(
      "--verify-images",
      `--registry=${registry.host}`,
      `--registry-user=${LOGIN.user}`,
    );
    expect(named.status, named.stderr).toBe(0);
    expect(named.stdout + named.stderr).not.toContain(LOGIN.password);
  });

  it("asks nobody whom an unsound release names", async () => {
    await release();
    appendFileSync(join(project, "dist", "checksums.txt"), "\n");
    const outcome = await verify("--verify-images");
    expect(outcome.status).toBe(1);
    expect(registry.log).toEqual([]);
  });

  it("finds a manifest that names another image than the provenance", async () => {
    const manifest = await release();
    const path = join(project, "dist", "manifest.json");
    const other = `sha256:${"0".repeat(64)}`;
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(digestOf(manifest), other));
    const outcome = await verify("--verify-images");
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`is ${other}, the provenance says ${digestOf(manifest)}`);
    expect(registry.log).toEqual([]);
  });
});
