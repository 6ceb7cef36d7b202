import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { verifyBundle } from "../../../src/signers/bundles/verify.ts";
import { signerFor } from "../../../src/signers/index.ts";
import type { Signer, Subject } from "../../../src/signers/signer.ts";
import { emptyRoot } from "../../../src/signers/trust/trusted-root.ts";
import { readPublicKey } from "../../../src/verification/index.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { KEY_ALONE } from "../../support/signing.ts";
import { describeWith } from "../../support/tools.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PASSWORD = "pass word";
function openssl(...args: string[]) {
  execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
}
function text(name: string) {
  return readFileSync(join(folder, name), "utf8");
}
const contents = "0123456789abcdef  hello.tar.gz\n";
const file = {
  kind: "file",
  name: "checksums.txt",
  open: () => Readable.from([Buffer.from(contents)]),
} as const satisfies Subject;
function statement(): Subject {
  const digest = execFileSync("sha256sum", ["checksums.txt"], { cwd: folder, encoding: "utf8" });
  const value = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "checksums.txt", digest: { sha256: digest.slice(0, 64) } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: { buildDefinition: {}, runDetails: {} },
  };
  return { kind: "statement", name: "provenance", statement: Buffer.from(JSON.stringify(value)) };
}

function cosign(...args: string[]) {
  const env = {
    ...process.env,
    COSIGN_PASSWORD: PASSWORD,
    HTTPS_PROXY: "http://127.0.0.1:1",
    TUF_ROOT: join(folder, "tuf"),
  };
  return spawnSync("cosign", args, { cwd: folder, env, encoding: "utf8" });
}

async function signWith(key: string) {
  const material = { key: new Secret(text(key)), password: new Secret(PASSWORD) };
  const signer = (await signerFor(KEY_ALONE, material, { http, clock, random })) as Signer;
  await signer.check();
  writeFileSync(join(folder, "checksums.txt"), contents);
  writeFileSync(join(folder, "other.txt"), contents.replace("0", "1"));
  for (const [name, subject] of [
    ["file.json", file],
    ["statement.json", statement()],
  ] as const) {
    const bundle = await signer.sign(subject);
    await signer.verify(subject, bundle);
    writeFileSync(join(folder, name), bundle);
  }
  return signer;
}

const KINDS = [
  ["Ed25519", ["-algorithm", "ed25519"], undefined],
  ["ECDSA P-256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "ec"],
  ["ECDSA P-384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "ec"],
  ["ECDSA P-521", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "ec"],
  ["RSA-2048", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa"],
  ["RSA-3072", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "rsa"],
  ["RSA-4096", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "rsa"],
] as const;
const out = ["-passout", `pass:${PASSWORD}`];

describeWith("cosign", "openssl")("cosign and openssl judge a signature by", () => {
  it.each(KINDS)("a key of %s in every form", { timeout: 60_000 }, async (_kind, make, old) => {
    openssl("genpkey", ...make, "-out", "pkcs8.pem");
    openssl("pkey", "-in", "pkcs8.pem", "-pubout", "-out", "pub.pem");
    openssl("pkcs8", "-topk8", "-in", "pkcs8.pem", "-v2", "aes-256-cbc", ...out, "-out", "p.pem");
    openssl("pkcs8", "-topk8", "-in", "pkcs8.pem", "-scrypt", ...out, "-out", "scrypt.pem");
    const forms = ["pkcs8.pem", "p.pem", "scrypt.pem", "cosign.key"];
    expect(
      cosign("import-key-pair", "-y", "--key", "pkcs8.pem", "--output-key-prefix", "cosign").status,
    ).toBe(0);
    if (old !== undefined) {
      openssl("pkey", "-in", "pkcs8.pem", "-traditional", "-out", "old.pem");
      openssl(
        "pkey",
        "-in",
        "pkcs8.pem",
        "-traditional",
        "-aes256",
        ...out,
        "-out",
        "old-sealed.pem",
      );
      expect(text("old-sealed.pem")).toContain("Proc-Type: 4,ENCRYPTED");
      forms.push("old.pem", "old-sealed.pem");
    }
    for (const form of forms) {
      await signWith(form);
      const args = ["--key", "pub.pem", "--insecure-ignore-tlog", "--bundle"];
      const blob = cosign("verify-blob", ...args, "file.json", "checksums.txt");
      expect(blob.status, `${form}: ${blob.stderr}`).toBe(0);
      const attested = ["verify-blob-attestation", "--type", "slsaprovenance1", ...args];
      const statement = cosign(...attested, "statement.json", "checksums.txt");
      expect(statement.status, `${form}: ${statement.stderr}`).toBe(0);
      expect(cosign("verify-blob", ...args, "file.json", "other.txt").status).not.toBe(0);
    }
    judgedByOpenssl();
    await readEveryPublicHalf(old === "rsa");
  });
});

/** The signature by itself, without cosign's bundle. */
function judgedByOpenssl() {
  const { messageSignature } = JSON.parse(text("file.json")) as {
    messageSignature: { signature: string };
  };
  writeFileSync(join(folder, "sig"), Buffer.from(messageSignature.signature, "base64"));
  const digest = text("pub.pem").length < 150 ? ["-rawin"] : ["-rawin", "-digest", "sha256"];
  openssl(
    "pkeyutl",
    "-verify",
    "-pubin",
    "-inkey",
    "pub.pem",
    ...digest,
    "-in",
    "checksums.txt",
    "-sigfile",
    "sig",
  );
}

/** SPKI, PKCS#1 and a certificate are one key. */
async function readEveryPublicHalf(isRsa: boolean) {
  openssl("req", "-x509", "-new", "-key", "pkcs8.pem", "-subj", "/CN=release", "-out", "cert.pem");
  const halves = ["pub.pem", "cosign.pub", "cert.pem"];
  if (isRsa) {
    openssl("rsa", "-in", "pkcs8.pem", "-RSAPublicKey_out", "-out", "pkcs1.pem");
    expect(text("pkcs1.pem")).toContain("BEGIN RSA PUBLIC KEY");
    halves.push("pkcs1.pem");
  }
  for (const half of halves) {
    const publicKey = readPublicKey(text(half));
    const trust = { kind: "key", publicKey, root: emptyRoot(), log: false } as const;
    await verifyBundle(file, text("file.json"), trust);
    await verifyBundle(statement(), text("statement.json"), trust);
    const other: Subject = { ...file, open: () => Readable.from([Buffer.from("other")]) };
    await expect(verifyBundle(other, text("file.json"), trust)).rejects.toThrow("not valid");
  }
  expect(() => readPublicKey(text("pkcs8.pem"))).toThrow("contains a private key");
}
