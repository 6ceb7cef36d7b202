import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../support/github/state.ts";
import {
  Bench,
  IDENTITY,
  manifestOf,
  OIDC_ISSUER,
  type Outcome,
} from "../../support/runs/bench.ts";
import { TAG } from "../../support/runs/project.ts";
import { commandsIn, complaint, downloaded } from "../../support/runs/reader.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** What everybody must find after a run that says it has published. */
function expectPublished(outcome: Outcome): void {
  expect(outcome.status, outcome.stdout).toBe(0);
  expect(outcome.stderr).toBe("");
  expect(bench.github.releases).toHaveLength(1);
  const released = manifestOf(outcome).artifacts.map(({ name, size, sha256 }) => ({
    name,
    size,
    sha256,
  }));
  const seen = bench.published()?.assets.map(({ name, content, sha256 }) => ({
    name,
    size: content.length,
    sha256,
  }));
  expect(seen).toHaveLength(released.length);
  expect(seen).toEqual(expect.arrayContaining(released));
  // It became visible once, and whole.
  expect(bench.moments).toHaveLength(1);
  expect(bench.github.server.violations).toEqual([]);
  expect(bench.leaks(outcome)).toEqual([]);
}

/** Every command of the summary, as it stands there, succeeds; and one changed byte makes it fail. */
function expectCommands({ summary }: Outcome, count: number): string {
  const release = bench.published();
  const folder = downloaded(bench, release ?? expect.fail("nothing is published"));
  const commands = commandsIn(summary);
  expect(commandsIn(release?.body ?? "")).toEqual(commands);
  expect(commands).toHaveLength(count);
  for (const command of commands) expect(complaint(folder, command)).toBeUndefined();
  return folder;
}

describe("keyless", () => {
  it("publishes what the manifest says, and everybody's tools accept it", async () => {
    const outcome = await bench.run({ watched: true });
    expectPublished(outcome);
    const folder = expectCommands(outcome, 3);
    expect(outcome.summary).toContain(bench.published()?.name);
    for (const { name, sha256 } of manifestOf(outcome).artifacts)
      expect(outcome.summary).toMatch(new RegExp(`${name}.*${sha256}`, "u"));
    const who = `--certificate-identity=${IDENTITY} --certificate-oidc-issuer=${OIDC_ISSUER} --trusted-root=trusted_root.json`;
    const attested = `cosign verify-blob-attestation --type=slsaprovenance1 --bundle=provenance.sigstore.json ${who}`;
    for (const { name } of manifestOf(outcome).artifacts.filter(
      ({ kind }) => kind !== "provenance",
    ))
      expect(complaint(folder, `${attested} ${name}`)).toBeUndefined();
    const blob = `cosign verify-blob --bundle=checksums.txt.sigstore.json ${who}`;
    expect(complaint(folder, `${blob.replace("octo/hello", "octo/other")} checksums.txt`)).toMatch(
      /no matching CertificateIdentity/u,
    );
    expect(complaint(folder, `${blob} LICENSE`)).toBeDefined();
    // One certificate, and one entry for each of the two bundles.
    expect(bench.sigstore.requests.filter((one) => one.endsWith("signingCert"))).toHaveLength(1);
    expect(bench.entries).toBe(2);
  });

  it("is built again by whoever asks, from the tag alone", async () => {
    const { folder } = await bench.run();
    rmSync(join(folder, "dist"), { recursive: true });
    const who = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", OIDC_ISSUER];
    const again = await bench.run({ folder, args: ["verify", TAG, "--rebuild", ...who] });
    expect(again.status, again.stdout).toBe(0);
    expect(again.stdout).toContain("✓ rebuilt: every byte is identical");
    expect(bench.leaks(again)).toEqual([]);
  }, 400_000);

  it("tells later steps all of it", async () => {
    const { outputs, folder } = await bench.run();
    const dist = join(folder, "dist");
    expect(outputs).toMatchObject({
      version: "1.2.3",
      tag: TAG,
      "dry-run": "false",
      "release-url": `${bench.github.origin}/${bench.github.repository}/releases/tag/${TAG}`,
      manifest: join(dist, "manifest.json"),
      checksums: join(dist, "checksums.txt"),
      bundle: join(dist, "checksums.txt.sigstore.json"),
    });
    const artifacts = JSON.parse(outputs["artifacts"] ?? "") as { name: string }[];
    for (const { name } of artifacts)
      expect(sha256(readFileSync(join(dist, name)))).toBe(
        bench.published()?.assets.find((one) => one.name === name)?.sha256,
      );
  });

  it("gives each secret to whom it belongs, and to nobody else", async () => {
    await bench.run();
    const { received, issued, offer } = bench.sigstore;
    const holding = (secret: string) =>
      received
        .filter((one) => JSON.stringify(one).includes(secret))
        .map(({ path }) => path.replace(/\?.*/u, ""));
    expect(new Set(issued.flatMap(holding))).toEqual(new Set(["/api/v2/signingCert"]));
    expect(new Set(holding(offer.token))).toEqual(new Set(["/idtoken"]));
    expect(holding(bench.github.token)).toEqual([]);
  });

  it.each(["tag", "URL"])("is verified by its %s, for whoever trusts this signer", async (by) => {
    const { outputs, folder } = await bench.run();
    const asked = by === "tag" ? TAG : (outputs["release-url"] ?? "");
    const verify = (identity: string, issuer: string) =>
      bench.run({
        folder,
        args: [
          "verify",
          asked,
          `--api-url=${bench.github.origin}`,
          `--certificate-identity=${identity}`,
          `--certificate-oidc-issuer=${issuer}`,
        ],
      });
    const accepted = await verify(IDENTITY, OIDC_ISSUER);
    expect(accepted.stdout).toContain("✓ the signature provenance.sigstore.json");
    expect(accepted.status).toBe(0);
    const other = await verify(IDENTITY.replace("octo/hello", "octo/other"), OIDC_ISSUER);
    expect(other.status).toBe(1);
    expect(other.stdout).toContain(`it was made by ${IDENTITY}, expected `);
    const elsewhere = await verify(IDENTITY, "https://gitlab.com");
    expect(elsewhere.status).toBe(1);
    expect(elsewhere.stdout).toContain("expected https://gitlab.com");
    expect(bench.leaks(accepted, other, elsewhere)).toEqual([]);
  });

  it("is refused after one byte of a published file was changed", async () => {
    const { folder } = await bench.run();
    const damaged = bench.published()?.assets.find(({ name }) => name.endsWith(".zip"));
    damaged?.content.writeUInt8(damaged.content.readUInt8(100) ^ 1, 100);
    const { status, stdout } = await bench.run({
      folder,
      args: [
        "verify",
        TAG,
        `--certificate-identity=${IDENTITY}`,
        `--certificate-oidc-issuer=${OIDC_ISSUER}`,
      ],
    });
    expect(status).toBe(1);
    expect(stdout).toContain(damaged?.name);
  });
});

describe("with a key that cosign made", () => {
  const PASSWORD = "correct horse battery staple";
  /** Not among what is searched for secrets. */
  let keys: string;
  beforeEach(() => {
    keys = mkdtempSync(join(tmpdir(), "keys-"));
    const env = { ...process.env, COSIGN_PASSWORD: PASSWORD };
    execFileSync("cosign", ["generate-key-pair"], { cwd: keys, env, stdio: "ignore" });
    bench.secrets.add("the key's password", PASSWORD);
    bench.secrets.add("the key", readFileSync(join(keys, "cosign.key"), "utf8"));
  });
  afterEach(() => rmSync(keys, { recursive: true }));
  const environment = () => ({
    COSIGN_PRIVATE_KEY: readFileSync(join(keys, "cosign.key"), "utf8"),
    COSIGN_PASSWORD: PASSWORD,
    INPUT_SIGN: "key",
    "INPUT_FULCIO-URL": undefined,
  });
  const verify = (folder: string, key: string) =>
    bench.run({ folder, args: ["verify", TAG, `--key=${key}`] });

  it.each([
    ["a log", {}],
    [
      "no log",
      { "INPUT_REKOR-URL": "none", "INPUT_TSA-URL": undefined, "INPUT_TRUSTED-ROOT": undefined },
    ],
  ])("and %s: everybody's tools accept what was published", async (_what, change) => {
    const outcome = await bench.run({ watched: true, env: { ...environment(), ...change } });
    expectPublished(outcome);
    const reader = downloaded(bench, bench.published() ?? expect.fail("nothing is published"));
    copyFileSync(join(keys, "cosign.pub"), join(reader, "cosign.pub"));
    expectCommands(outcome, 3);
    const accepted = await verify(outcome.folder, join(keys, "cosign.pub"));
    expect(accepted.status, accepted.stdout).toBe(0);
    execFileSync("cosign", ["generate-key-pair", "--output-key-prefix=other"], {
      cwd: keys,
      env: { ...process.env, COSIGN_PASSWORD: "" },
      stdio: "ignore",
    });
    expect((await verify(outcome.folder, join(keys, "other.pub"))).status).toBe(1);
  });
});
