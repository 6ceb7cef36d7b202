import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Manifest } from "../../../src/model/manifest.ts";
import { Secret } from "../../../src/model/secret.ts";
import { commandsFor } from "../../../src/report/verify-commands.ts";
import { signerFor } from "../../../src/signers/index.ts";
import type { Signer, Subject } from "../../../src/signers/signer.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { release } from "../../support/releases/folder.ts";
import { claims, tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";
import { describeWith } from "../../support/tools.ts";

const missing = spawnSync("cosign", ["version"]).error !== undefined;
// In CI its absence is a failure, not a reason to pass.
const runs = describe.skipIf(missing && process.env["CI"] === undefined);

let sigstore: Sigstore;
let folder: string;
function path(name: string) {
  return join(folder, name);
}
function put(name: string, data: string | Buffer) {
  return writeFileSync(path(name), data);
}
const env = { ...process.env, COSIGN_PASSWORD: "pass word" };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cosign-"));
  sigstore = await startSigstore();
  put("trusted_root.json", sigstore.trustedRoot);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await sigstore.close();
});

/** Whether cosign accepts; it may not ask any network for anything. */
function accepts(...args: string[]): boolean {
  const offline = { ...env, HTTPS_PROXY: "http://127.0.0.1:1", TUF_ROOT: path("tuf") };
  const { status, stderr } = spawnSync("cosign", args, {
    cwd: folder,
    env: offline,
    encoding: "utf8",
  });
  if (status !== 0) rejection = stderr;
  return status === 0;
}
let rejection = "";

const contents = "0123456789abcdef  hello.tar.gz\n";
const file: Subject = {
  kind: "file",
  name: "checksums.txt",
  open: () => Readable.from([Buffer.from(contents)]),
};
function provenance(digest: string): Subject {
  return {
    kind: "statement",
    name: "provenance",
    statement: Buffer.from(
      JSON.stringify({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "checksums.txt", digest: { sha256: digest } }],
        predicateType: "https://slsa.dev/provenance/v1",
        predicate: { buildDefinition: {}, runDetails: {} },
      }),
    ),
  };
}

/** The same text with one base64 character of the signature changed. */
function corrupt(bundle: string): string {
  const at = bundle.search(/"(signature|sig)":"/) + 40;
  return bundle.slice(0, at) + (bundle[at] === "A" ? "B" : "A") + bundle.slice(at + 1);
}

async function write(signer: Signer) {
  put("checksums.txt", contents);
  put("other.txt", contents.replace("0", "1"));
  const digest = execFileSync("sha256sum", [path("checksums.txt")], { encoding: "utf8" }).slice(
    0,
    64,
  );
  const bundle = await signer.sign(file);
  const attestation = await signer.sign(provenance(digest));
  put("file.json", bundle);
  put("file-corrupt.json", corrupt(bundle));
  put("statement.json", attestation);
  put("statement-corrupt.json", corrupt(attestation));
}

function judge(...who: string[]) {
  const blob = (bundle: string, name = "checksums.txt") =>
    accepts("verify-blob", "--bundle", bundle, ...who, name);
  const attestation = (bundle: string, name = "checksums.txt") =>
    accepts(
      "verify-blob-attestation",
      "--type",
      "slsaprovenance1",
      "--bundle",
      bundle,
      ...who,
      name,
    );
  expect(blob("file.json"), rejection).toBe(true);
  expect(attestation("statement.json"), rejection).toBe(true);
  expect(blob("file-corrupt.json")).toBe(false);
  expect(attestation("statement-corrupt.json")).toBe(false);
  expect(blob("file.json", "other.txt")).toBe(false);
  expect(attestation("statement.json", "other.txt")).toBe(false);
}

/** The same with cosign 2.4, which fetches a root over the network even where it needs none. */
function withOlder(command: string): string {
  const older = command.replace("cosign ", "cosign2 ");
  return older.includes("--trusted-root") ? older : `${older} --trusted-root trusted_root.json`;
}

const root = ["--trusted-root", "trusted_root.json"];
function who(identity: string, issuer: string) {
  return [...root, `--certificate-identity=${identity}`, `--certificate-oidc-issuer=${issuer}`];
}

runs("cosign judges a keyless signature", { timeout: 60_000 }, () => {
  it.each([
    ["Rekor v1 and TSA", {}, []],
    ["Rekor v1 and TSA, its timestamp demanded", {}, ["--use-signed-timestamps"]],
    ["Rekor v1", { tsaUrl: null }, []],
    ["Rekor v2 and TSA", { rekorVersion: 2 }, ["--use-signed-timestamps"]],
  ] as const)("of %s", async (_name, change, more) => {
    const material = {
      identity: { kind: "token", token: tokenOf() },
      trustedRoot: sigstore.trustedRoot,
    } as const;
    await write(
      (await signerFor(sigstore.signing(change), material, { http, clock, random })) as Signer,
    );
    judge(...more, ...who(claims.sub, claims.iss));
    for (const wrong of [
      who(`${claims.sub}x`, claims.iss),
      who(claims.sub, "https://other.test"),
    ]) {
      expect(accepts("verify-blob", "--bundle", "file.json", ...wrong, "checksums.txt")).toBe(
        false,
      );
      expect(
        accepts(
          "verify-blob-attestation",
          "--type",
          "slsaprovenance1",
          "--bundle",
          "statement.json",
          ...wrong,
          "checksums.txt",
        ),
      ).toBe(false);
    }
  });
});

runs("cosign judges a signature by the key it made", { timeout: 60_000 }, () => {
  beforeAll(() => {
    execFileSync("cosign", ["generate-key-pair"], { cwd: folder, env, stdio: "ignore" });
    execFileSync("cosign", ["generate-key-pair", "--output-key-prefix", "other"], {
      cwd: folder,
      env,
      stdio: "ignore",
    });
  });

  it.each([
    ["no log", { rekorUrl: null, tsaUrl: null }, ["--insecure-ignore-tlog"]],
    ["Rekor v1", { tsaUrl: null }, root],
    ["Rekor v2", { rekorVersion: 2, tsaUrl: null }, root],
    ["Rekor v2 and TSA", { rekorVersion: 2 }, root],
  ] as const)("with %s", async (_name, change, more) => {
    const material = {
      key: new Secret(readFileSync(path("cosign.key"), "utf8")),
      password: new Secret("pass word"),
      trustedRoot: sigstore.trustedRoot,
    };
    const signing = sigstore.signing({ mode: "key", ...change });
    await write((await signerFor(signing, material, { http, clock, random })) as Signer);
    judge(...more, "--key", "cosign.pub");
    expect(
      accepts(
        "verify-blob",
        "--bundle",
        "file.json",
        ...more,
        "--key",
        "other.pub",
        "checksums.txt",
      ),
    ).toBe(false);
  });
});

describeWith("cosign", "cosign2")(
  "the commands for the reader, pasted into a shell",
  { timeout: 60_000 },
  () => {
    const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    it.each([
      ["keyless", {}, { identity: { kind: "token", token: tokenOf() } }],
      [
        "keyless, in Rekor v2",
        { rekorVersion: 2 },
        { identity: { kind: "token", token: tokenOf() } },
      ],
      ["with a key", { mode: "key", tsaUrl: null }, { key: new Secret(pem) }],
      ["with a key, in Rekor v2", { mode: "key", rekorVersion: 2 }, { key: new Secret(pem) }],
      [
        "with a key and no log",
        { mode: "key", rekorUrl: null, tsaUrl: null, fulcioUrl: "" },
        { key: new Secret(pem) },
      ],
    ] as const)(
      "%s: all succeed, and all fail on another file",
      async (_mode, change, material) => {
        const { trustedRoot } = sigstore;
        const signing = sigstore.signing(change);
        const files = await release(signing, { ...material, trustedRoot });
        for (const [name, data] of Object.entries(files)) put(name, data);
        put("cosign.pub", key.publicKey.export({ type: "spki", format: "pem" }).toString());
        const manifest = Manifest.parse(JSON.parse(String(files["manifest.json"])));
        const run = (command: string) =>
          spawnSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8" });
        const commands = commandsFor(manifest).flatMap(({ shows, command }) =>
          !command.startsWith("cosign ") || shows.endsWith("(cosign 3)")
            ? [command]
            : [command, withOlder(command)],
        );
        expect(commands).toHaveLength(signing.rekorVersion === 2 ? 3 : 5);
        for (const command of commands) expect(run(command).status, run(command).stderr).toBe(0);
        put("checksums.txt", `${String(files["checksums.txt"])}\n`);
        put("age_1.3.1_linux_amd64.tar.gz", "another");
        for (const command of commands) expect(run(command).status, command).not.toBe(0);
      },
    );
  },
);
