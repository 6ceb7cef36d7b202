import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../../src/model/secret.ts";
import { IN_TOTO, preAuthEncoding } from "../../../../src/signers/bundles/dsse.ts";
import { signerFor } from "../../../../src/signers/index.ts";
import type { KeyServiceAccess } from "../../../../src/signers/kms/key-service.ts";
import { readKeyReference } from "../../../../src/signers/kms/reference.ts";
import type { Signer, Subject } from "../../../../src/signers/signer.ts";
import { random } from "../../../../src/world/node/random.ts";
import {
  type Digests,
  digestOf,
  type Fake,
  fakeAws,
  fakeAzure,
  fakeGoogle,
  fakeVault,
  json,
  TOKENS,
} from "../../../support/kms/fakes.ts";
import { problemOf } from "../../../support/problem.ts";
import { QuickClock } from "../../../support/quick-clock.ts";
import { KEY_ALONE } from "../../../support/signing.ts";

const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const contents = Buffer.from("0123456789abcdef  hello.tar.gz\n");
const file: Subject = {
  kind: "file",
  name: "checksums.txt",
  open: () => Readable.from([contents]),
};
const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
const provenance: Subject = { kind: "statement", name: "provenance", statement };

const known: Digests = new Map();
digestOf(contents, known);
digestOf(preAuthEncoding(IN_TOTO, statement), known);

interface Vendor {
  readonly reference: string;
  readonly env: Readonly<Record<string, string>>;
  readonly fake: (key: KeyObject) => Fake;
  readonly named: string;
  /** What is hidden from the log besides the identity token. */
  readonly hidden: readonly string[];
}

const provider = "projects/1/locations/global/workloadIdentityPools/ci/providers/github";
const vendors: Readonly<Record<string, Vendor>> = {
  Vault: {
    reference: "hashivault://release",
    env: { VAULT_ADDR: "https://vault.example.com/", VAULT_AUTH_ROLE: "release" },
    fake: (key) => fakeVault({ key, known }, key === rsa ? "rsa-2048" : "ecdsa-p256"),
    named: "Vault (https://vault.example.com",
    hidden: [TOKENS.vault],
  },
  OpenBao: {
    reference: "openbao://release",
    env: { BAO_ADDR: "https://bao.example.com", BAO_AUTH_ROLE: "release" },
    fake: (key) => fakeVault({ key, known }, key === rsa ? "rsa-2048" : "ecdsa-p256"),
    named: "OpenBao (https://bao.example.com",
    hidden: [TOKENS.vault],
  },
  AWS: {
    reference: "awskms:///alias/release",
    env: { AWS_REGION: "eu-west-1", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/release" },
    fake: (key) =>
      fakeAws(
        { key, known },
        key === rsa
          ? {
              KeySpec: "RSA_2048",
              SigningAlgorithms: ["RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256"],
            }
          : {},
      ),
    named: "AWS STS (https://sts.eu-west-1.amazonaws.com",
    hidden: [TOKENS.secretKey, TOKENS.session],
  },
  "Google, itself": {
    reference: "gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/release",
    env: { GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider },
    fake: (key) =>
      fakeGoogle({ key, known }, key === rsa ? "RSA_SIGN_PKCS1_2048_SHA256" : undefined),
    named: "Google's token service (https://sts.googleapis.com",
    hidden: [TOKENS.google],
  },
  "Google, a service account": {
    reference: "gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/release/versions/10",
    env: {
      GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider,
      GOOGLE_SERVICE_ACCOUNT: "release@p.iam.gserviceaccount.com",
    },
    fake: (key) =>
      fakeGoogle({ key, known }, key === rsa ? "RSA_SIGN_PKCS1_2048_SHA256" : undefined),
    named: "Google's token service (https://sts.googleapis.com",
    hidden: [TOKENS.google, TOKENS.account],
  },
  Azure: {
    reference: "azurekms://releases.vault.azure.net/release",
    env: { AZURE_TENANT_ID: "tenant-id", AZURE_CLIENT_ID: "client-id" },
    fake: (key) => fakeAzure({ key, known }, key === rsa ? { kty: "RSA-HSM" } : { kty: "EC-HSM" }),
    named: "Microsoft Entra (https://login.microsoftonline.com",
    hidden: [TOKENS.azure],
  },
};

interface Given {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly identity?: KeyServiceAccess["identity"];
  readonly clock?: QuickClock;
}

async function signerOf(vendor: Vendor, fake: Fake, given: Given = {}) {
  const hidden: string[] = [];
  const access: KeyServiceAccess = {
    env: { ...vendor.env, ...given.env },
    identity:
      "identity" in given ? given.identity : { kind: "token", token: new Secret(TOKENS.identity) },
    audience: undefined,
    hide: (secret) => hidden.push(secret.reveal()),
  };
  const reference = readKeyReference(vendor.reference);
  if (reference === undefined) throw new Error("no reference");
  const reach = { http: fake.http, clock: given.clock ?? new QuickClock(), random };
  const signer = (await signerFor(KEY_ALONE, { service: { reference, access } }, reach)) as Signer;
  return { signer, hidden };
}

describe.each(Object.entries(vendors))("a key in %s (a fake)", (_name, vendor) => {
  it.each([
    ["ECDSA P-256", p256],
    ["RSA-2048", rsa],
  ])("of %s is tried without a signature, then signs what verifies", async (_kind, key) => {
    const fake = vendor.fake(key);
    const { signer, hidden } = await signerOf(vendor, fake);
    await signer.check();
    expect(
      fake.requests.some(({ url, headers }) =>
        /sign/iu.test(`${new URL(url).pathname.split("/").at(-1)}${headers["x-amz-target"]}`),
      ),
    ).toBe(false);
    for (const subject of [file, provenance]) {
      const bundle = await signer.sign(subject);
      const { publicKey } = await signer.trust();
      expect(publicKey).toContain("BEGIN PUBLIC KEY");
      await signer.verify(subject, bundle);
    }
    const other: Subject = { ...file, open: () => Readable.from([Buffer.from("other")]) };
    await expect(signer.verify(other, await signer.sign(file))).rejects.toThrow("not valid");
    expect(hidden).toEqual(expect.arrayContaining([TOKENS.identity, ...vendor.hidden]));
    const logins = fake.requests.filter(({ body }) => body.includes(TOKENS.identity));
    expect(logins).toHaveLength(1);
  });

  it("refuses another identity, which is told by the service's name and never shown", async () => {
    const identity = { kind: "token", token: new Secret("wrong.identity.token") } as const;
    const { signer } = await signerOf(vendor, vendor.fake(p256), { identity });
    const problem = await problemOf(signer.check());
    expect(problem.message).toContain(vendor.named);
    expect(problem.hint).toContain("this run");
    expect(`${problem.message} ${problem.hint} ${problem.stack}`).not.toContain("wrong.identity");
  });

  it("tells what is missing where there is no identity", async () => {
    const { signer } = await signerOf(vendor, vendor.fake(p256), { identity: undefined });
    const problem = await problemOf(signer.check());
    expect(problem.message).toContain("this run has no identity token for it");
    expect(problem.hint).toContain("KMS_ID_TOKEN:\n    aud: ");
  });

  it.each(Object.keys(vendor.env).filter((name) => !/AUTH_ROLE|SERVICE_ACCOUNT/u.test(name)))(
    "tells that %s is not set",
    async (name) => {
      const work = signerOf(vendor, vendor.fake(p256), { env: { [name]: " " } });
      const problem = await problemOf(work.then(({ signer }) => signer.check()));
      expect(problem.message).toContain(`${name} is not set`);
    },
  );

  it("shows no token of an answer that echoes it", async () => {
    const fake = vendor.fake(p256);
    const { signer, hidden } = await signerOf(vendor, fake);
    await signer.check();
    fake.fault = ({ headers }) =>
      json(
        { errors: [`no: ${JSON.stringify(headers)}`], message: `no: ${JSON.stringify(headers)}` },
        403,
      );
    const problem = await problemOf(signer.sign(file));
    for (const secret of hidden)
      expect(`${problem.message} ${problem.stack}`).not.toContain(secret);
    expect(problem.hint).not.toBe("");
  });
});

it("a login that has nearly ended is made again", async () => {
  const clock = new QuickClock();
  const fake = fakeVault({ key: p256, known });
  fake.fault = ({ url }) =>
    url.endsWith("/login")
      ? json({ auth: { client_token: TOKENS.vault, lease_duration: 59 } })
      : undefined;
  const { signer } = await signerOf(vendors["Vault"] as Vendor, fake, { clock });
  await signer.check();
  await signer.sign(file);
  expect(fake.requests.filter(({ url }) => url.endsWith("/login"))).toHaveLength(2);
});

it.each([
  ["Vault", fakeVault({ key: p256, known }, "ed25519"), "it is of type ed25519"],
  [
    "AWS",
    fakeAws(
      { key: p256, known },
      { KeySpec: "ECC_NIST_P384", SigningAlgorithms: ["ECDSA_SHA_384"] },
    ),
    "it is of ECC_NIST_P384, which signs no sha256",
  ],
  [
    "AWS",
    fakeAws({ key: p256, known }, { KeyUsage: "ENCRYPT_DECRYPT" }),
    "its usage is ENCRYPT_DECRYPT",
  ],
  [
    "Google, itself",
    fakeGoogle({ key: p256, known }, "EC_SIGN_P384_SHA384"),
    "its algorithm is EC_SIGN_P384_SHA384",
  ],
  [
    "Azure",
    fakeAzure({ key: p256, known }, { crv: "P-521" }),
    "it is of EC P-521, which signs no sha256",
  ],
] as const)("%s: a key of another kind is refused by name", async (name, fake, words) => {
  const { signer } = await signerOf(vendors[name] as Vendor, fake);
  expect((await problemOf(signer.check())).message).toContain(words);
});

it("the caller's own token is used as it is", async () => {
  const fake = fakeVault({ key: p256, known });
  const env = { VAULT_TOKEN: TOKENS.vault };
  const { signer, hidden } = await signerOf(vendors["Vault"] as Vendor, fake, {
    env,
    identity: undefined,
  });
  await signer.check();
  expect(hidden).toEqual([TOKENS.vault]);
  expect(fake.requests).toHaveLength(1);
});

it.each(["http://vault.example.com", "https://user:word@vault.example.com", "vault.example.com"])(
  "no secret goes to %s",
  async (address) => {
    const fake = fakeVault({ key: p256, known });
    const { signer } = await signerOf(vendors["Vault"] as Vendor, fake, {
      env: { VAULT_ADDR: address },
    });
    const problem = await problemOf(signer.check());
    expect(problem.message).toBe("VAULT_ADDR is not an https URL without credentials");
    expect(fake.requests).toEqual([]);
  },
);
