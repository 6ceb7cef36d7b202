import { generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Signing } from "../../../src/model/plan.ts";
import { Secret } from "../../../src/model/secret.ts";
import { type SigningMaterial, signerFor } from "../../../src/signers/index.ts";
import type { Signer, Subject } from "../../../src/signers/signer.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { random } from "../../../src/world/node/random.ts";
import { claims, tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});
afterAll(() => sigstore.close());

export function file(name: string, text: string): Subject {
  return {
    kind: "file",
    name,
    open: () => Readable.from([Buffer.from(text)]),
  };
}
const statement: Subject = {
  kind: "statement",
  name: "provenance",
  statement: Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}'),
};
function pem(key: { export: Function }) {
  return new Secret(key.export({ type: "pkcs8", format: "pem" }) as string);
}
const ecKey = pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const rsaKey = pem(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);

function identity() {
  return { kind: "token", token: tokenOf() } as const;
}
const modes: [string, Partial<Signing>, () => SigningMaterial][] = [
  ["keyless, Rekor v1 and TSA", {}, () => ({ identity: identity() })],
  ["keyless, Rekor v1 alone", { tsaUrl: null }, () => ({ identity: identity() })],
  ["keyless, Rekor v2 and TSA", { rekorVersion: 2 }, () => ({ identity: identity() })],
  ["ECDSA key, no log", { mode: "key", rekorUrl: null, tsaUrl: null }, () => ({ key: ecKey })],
  ["ECDSA key, Rekor v1", { mode: "key", tsaUrl: null }, () => ({ key: ecKey })],
  ["ECDSA key, Rekor v2", { mode: "key", rekorVersion: 2 }, () => ({ key: ecKey })],
  ["RSA key, no log", { mode: "key", rekorUrl: null, tsaUrl: null }, () => ({ key: rsaKey })],
  ["RSA key, Rekor v1", { mode: "key", tsaUrl: null }, () => ({ key: rsaKey })],
  ["RSA key, Rekor v2", { mode: "key", rekorVersion: 2, tsaUrl: null }, () => ({ key: rsaKey })],
  ["throwaway key", { mode: "throwaway", rekorUrl: null, tsaUrl: null }, () => ({})],
];

async function make(change: Partial<Signing>, material: SigningMaterial): Promise<Signer> {
  const { trustedRoot } = sigstore;
  const signer = await signerFor(
    sigstore.signing(change),
    { trustedRoot, ...material },
    { http, clock, random },
  );
  return signer as Signer;
}

describe.each(modes)("a signer that is %s", (_name, change, material) => {
  it.each([file("checksums.txt", "abc"), statement])(
    "verifies the $kind it signed",
    async (subject) => {
      const signer = await make(change, material());
      await signer.check();
      const bundle = await signer.sign(subject);
      const { mediaType, verificationMaterial } = JSON.parse(bundle);
      expect(mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
      expect(verificationMaterial).toHaveProperty(
        change.mode === undefined ? "certificate" : "publicKey",
      );
      const by = await signer.verify(subject, bundle);
      expect(by.kind).toBe(change.mode ?? "keyless");
      if (by.kind === "keyless")
        expect(by).toMatchObject({ subject: claims.sub, issuer: claims.iss });
    },
  );

  it("rejects a changed file, a changed statement and a changed signature", async () => {
    const signer = await make(change, material());
    const bundle = await signer.sign(file("a", "abc"));
    await expect(signer.verify(file("a", "abd"), bundle)).rejects.toMatchObject({ code: "verify" });
    const attestation = await signer.sign(statement);
    const other = { ...statement, statement: Buffer.from("{}") };
    await expect(signer.verify(other, attestation)).rejects.toMatchObject({ code: "verify" });
    const another = JSON.parse(await signer.sign(file("a", "abd")));
    const mixed = { ...JSON.parse(bundle), messageSignature: another.messageSignature };
    await expect(signer.verify(file("a", "abc"), JSON.stringify(mixed))).rejects.toMatchObject({
      code: "verify",
    });
  });
});

it("a keyless signer asks for one certificate however many files are signed at a time", async () => {
  sigstore.requests.length = 0;
  const signer = await make({}, { identity: identity() });
  await Promise.all(Array.from({ length: 12 }, (_, n) => signer.sign(file(`f${n}`, `${n}`))));
  expect(sigstore.requests.filter((one) => one.includes("signingCert"))).toHaveLength(1);
});

it("a keyless signer asks for a new certificate when the first has nearly expired", async () => {
  sigstore.requests.length = 0;
  let ahead = 0;
  const reach = { http, random, clock: { ...clock, now: () => Date.now() + ahead } };
  const identity = { kind: "token", token: tokenOf({ exp: claims.exp + 3600 }) } as const;
  const material = { identity, trustedRoot: sigstore.trustedRoot };
  const signer = await signerFor(sigstore.signing(), material, reach);
  await signer?.sign(file("a", "a"));
  ahead = 9.5 * 60_000;
  const bundle = await signer?.sign(file("b", "b"));
  expect(sigstore.requests.filter((one) => one.includes("signingCert"))).toHaveLength(2);
  await signer?.verify(file("b", "b"), bundle as string);
});

describe("a keyless signer", () => {
  const sub = "https://github.com/mallory/hello/.github/workflows/x.yml@refs/tags/v1";
  const signerOf = (change = {}) =>
    make({}, { identity: { kind: "token", token: tokenOf(change) } });

  it.each(["before", "after"])(
    "believes no signature of another, %s it has a certificate",
    async (when) => {
      const bundle = await (await signerOf({ sub })).sign(file("a", "abc"));
      const signer = await signerOf();
      if (when === "after") await signer.sign(file("b", "b"));
      await expect(signer.verify(file("a", "abc"), bundle)).rejects.toThrow(`signed by ${sub}`);
    },
  );

  it("believes what an earlier run of its own signed", async () => {
    const bundle = await (await signerOf()).sign(file("a", "abc"));
    expect(await (await signerOf()).verify(file("a", "abc"), bundle)).toMatchObject({
      subject: claims.sub,
    });
  });
});
