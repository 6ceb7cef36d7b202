import { spawnSync } from "node:child_process";
import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  verify,
} from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { keyInService } from "../../../src/signers/kms/index.ts";
import { readKeyReference } from "../../../src/signers/kms/reference.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { random } from "../../../src/world/node/random.ts";
import {
  type Digests,
  digestOf,
  type Fake,
  fakeAws,
  fakeGoogle,
  TOKENS,
} from "../../support/kms/fakes.ts";
import { call } from "../../support/program.ts";
import { PROGRAM, repositoryOf } from "../../support/repository.ts";
import { itWith, tools } from "../gitlab/tools.ts";

const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const contents = Buffer.from("contents");
const known: Digests = new Map();
digestOf(contents, known);

async function signOnce(given: string, env: Record<string, string>, fake: Fake) {
  const reference = readKeyReference(given);
  if (reference === undefined) throw new Error("no reference");
  const identity = { kind: "token", token: new Secret(TOKENS.identity) } as const;
  const access = { env, identity, audience: undefined, hide: () => {} };
  const held = await keyInService(reference, access, { http: fake.http, clock, random });
  const { signature } = await held.key.sign(Readable.from([contents]));
  expect(verify("sha256", contents, held.publicKey, signature)).toBe(true);
}

function judged(fake: Fake): string[] {
  const pairs = fake.requests.map((request, at) => ({ request, answer: fake.answers[at] }));
  const judge = join(import.meta.dirname, "../../support/kms/judge.py");
  const options = { input: JSON.stringify(pairs), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(tools.python, [judge], options);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout.trim().split("\n");
}

describe("what is asked and what the fakes answer is what the vendors' descriptions say", () => {
  itWith("python")("AWS, and botocore signs the same", { timeout: 60_000 }, async () => {
    const fake = fakeAws({ key, known });
    const env = { AWS_REGION: "eu-west-1", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/release" };
    await signOnce("awskms:///alias/release", env, fake);
    expect(judged(fake)).toEqual(["AssumeRoleWithWebIdentity", "GetPublicKey", "Sign"]);
    for (const request of fake.requests) Object.assign(request, { body: `${request.body} ` });
    expect(() => judged(fake)).toThrow();
  });

  itWith("python")("Google", { timeout: 60_000 }, async () => {
    const fake = fakeGoogle({ key, known });
    const env = {
      GOOGLE_WORKLOAD_IDENTITY_PROVIDER:
        "projects/1/locations/global/workloadIdentityPools/ci/providers/github",
      GOOGLE_SERVICE_ACCOUNT: "release@p.iam.gserviceaccount.com",
    };
    await signOnce("gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/release", env, fake);
    const versions = "cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions";
    expect(judged(fake)).toEqual([
      "sts.token",
      "iamcredentials.projects.serviceAccounts.generateAccessToken",
      `${versions}.list`,
      `${versions}.getPublicKey`,
      `${versions}.asymmetricSign`,
    ]);
  });
});

/** The transit engine with one RSA key, as far as a release asks it; a fake. */
async function startVault(): Promise<{ address: string; asked: string[] }> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    asked.push(`${request.method} ${request.url}`);
    const reply = (data: object) => response.end(JSON.stringify({ data }));
    if (request.headers["x-vault-token"] !== TOKENS.vault) response.writeHead(403).end("{}");
    else if (request.url === "/v1/transit/keys/release")
      reply({ type: "rsa-2048", latest_version: 1, keys: { 1: { public_key: pem } } });
    else {
      const digest = Buffer.from((JSON.parse(text) as { input: string }).input, "base64");
      // RFC 8017 §9.2: DigestInfo of sha256.
      const info = Buffer.concat([
        Buffer.from("3031300d060960864801650304020105000420", "hex"),
        digest,
      ]);
      const padding = constants.RSA_PKCS1_PADDING;
      const signature = privateEncrypt({ key: privateKey, padding }, info).toString("base64");
      reply({ signature: `vault:v1:${signature}` });
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const RELEASE = [
  "--dry-run=false",
  "--forge=directory",
  "--sign=key",
  "--rekor-url=none",
  "--targets=linux/amd64",
  "--sign-key=hashivault://release",
];

it("a release is signed by a key in Vault (a fake) and verified with its public half", {
  timeout: 240_000,
}, async () => {
  const { folder } = repositoryOf(PROGRAM);
  const vault = await startVault();
  const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: TOKENS.vault };
  const refused = await call(["check", ...RELEASE], folder, { ...env, VAULT_TOKEN: "another" });
  expect(refused.status, refused.stdout + refused.stderr).toBe(1);
  expect(refused.stdout).toContain("Vault (");
  expect(refused.stdout).toContain("allow reading transit/keys/release");
  expect(refused.stdout + refused.stderr).not.toContain("another");
  const checked = await call(["check", ...RELEASE], folder, env);
  expect(checked.status, checked.stderr).toBe(0);
  expect(vault.asked.some((one) => one.includes("/sign/"))).toBe(false);
  const released = await call(["release", ...RELEASE], folder, env);
  expect(released.status, released.stderr).toBe(0);
  const verified = await call(["verify", "dist", "--key=hashivault://release"], folder, env);
  expect(verified.status, verified.stderr).toBe(0);
  const other = await startVault();
  const theirs = { ...env, VAULT_ADDR: other.address };
  const elsewhere = await call(["verify", "dist", "--key=hashivault://release"], folder, theirs);
  expect(elsewhere.stderr).toContain("it was made with the key");
  expect(elsewhere.status).toBe(1);
});
