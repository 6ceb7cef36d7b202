import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { githubInstance } from "../../../src/signers/trust/github.ts";
import { readTrustedRoot } from "../../../src/signers/trust/trusted-root.ts";
import { type ReleasedFiles, verifyRelease } from "../../../src/verification/index.ts";
import { type Folder, release } from "../../support/releases/folder.ts";
import { claims, tokenOf } from "../../support/sigstore/identity-tokens.ts";
import { type Sigstore, startSigstore } from "../../support/sigstore/services.ts";

let sigstore: Sigstore;
beforeAll(async () => {
  sigstore = await startSigstore();
});
afterAll(() => sigstore.close());

function filesOf(folder: Folder): ReleasedFiles {
  const names = Object.keys(folder);
  return { names, open: (name) => Readable.from([Buffer.from(folder[name] ?? "")]) };
}

/** GitHub's instance has authorities for certificates and time, and no log of signatures. */
function unlogged(): string {
  const root = JSON.parse(sigstore.trustedRoot) as object;
  return JSON.stringify({ ...root, tlogs: [] });
}

async function signed(change: Parameters<Sigstore["signing"]>[0]) {
  const identity = { kind: "token", token: tokenOf() } as const;
  return await release(sigstore.signing(change), { identity, trustedRoot: unlogged() });
}
const whom = { identity: claims.sub, issuer: claims.iss };

it("a release without a log is sound by its time stamps, where the root has no logs", async () => {
  const files = filesOf(await signed({ rekorUrl: null }));
  const verdict = await verifyRelease(files, { ...whom, trustedRoot: unlogged() });
  expect(verdict.faults).toEqual([]);
  const logged = await verifyRelease(files, { ...whom, trustedRoot: sigstore.trustedRoot });
  expect(logged.faults.length).toBeGreaterThan(0);
});

it("without a time stamp it is not", async () => {
  await expect(signed({ rekorUrl: null, tsaUrl: null })).rejects.toThrow("is not valid");
});

it("a root whose logs never began is no root without logs", () => {
  const root = JSON.parse(sigstore.trustedRoot) as { tlogs: { publicKey: object }[] };
  const endless = root.tlogs.map((log) => ({
    ...log,
    publicKey: { ...log.publicKey, validFor: {} },
  }));
  expect(() => readTrustedRoot(JSON.stringify({ ...root, tlogs: endless }))).toThrow(
    "says of no log when it began",
  );
});

/** `openssl req -x509 -subj "/O=GitHub, Inc./CN=Fulcio Intermediate l2"` made it. */
const GITHUBS = `MIIBxTCCAWugAwIBAgIUOEx/aD3h6+EnVVl1qsV1JYXbiG0wCgYIKoZIzj0EAwIwODEVMBMGA1UECgwMR2l0SHViLCBJbmMuMR8wHQYDVQQDDBZGdWxjaW8gSW50ZXJtZWRpYXRlIGwyMB4XDTI2MTEzMDExMDA1NVoXDTM2MTEyNzExMDA1NVowODEVMBMGA1UECgwMR2l0SHViLCBJbmMuMR8wHQYDVQQDDBZGdWxjaW8gSW50ZXJtZWRpYXRlIGwyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAlcMEQBj0UKsCSMCsqCd4AJ6P1tT6YbBMfYvAP5Io61cgltDgbgO2BAkJyljHLa04oyVrrGnoLb+k4YqRQMGxqNTMFEwHQYDVR0OBBYEFPNfvaelZhiUfV6+I1UkLjb2xvCwMB8GA1UdIwQYMBaAFPNfvaelZhiUfV6+I1UkLjb2xvCwMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJqlxPxH6IyzHFXhEQRe0WhC1crqiujATot4ucGnpQZcAiBdN4CmJlY9xn8EVvhhCsRT4y7NnPrADUwyDuYRMiWwVw==`;

it.each([
  ["github", GITHUBS],
  [undefined, "bm90IGEgY2VydGlmaWNhdGU="],
  [undefined, undefined],
])("whose root is asked for is said by the issuer: %s", async (instance, certificate) => {
  const folder = { ...(await signed({ rekorUrl: null })) };
  const name = "checksums.txt.sigstore.json";
  const bundle = JSON.parse(String(folder[name])) as {
    verificationMaterial: { certificate: { rawBytes: string } };
  };
  if (certificate !== undefined) bundle.verificationMaterial.certificate.rawBytes = certificate;
  const asked: unknown[] = [];
  const trust = async (which?: string) => {
    asked.push(which);
    return { trustedRoot: unlogged(), known: "" };
  };
  const only = { [name]: JSON.stringify(bundle), "checksums.txt": folder["checksums.txt"] ?? "" };
  await verifyRelease(filesOf(only), { ...whom, trust });
  expect(asked).toEqual([instance]);
});

it("GitHub's root.json is signed as it says", () => {
  const { url, root } = githubInstance().repository;
  expect(url).toBe("https://tuf-repo.github.com");
  const { signed: said, signatures } = JSON.parse(root.toString("utf8")) as {
    signed: {
      _type: string;
      version: number;
      roles: { root: { keyids: string[]; threshold: number } };
    };
    signatures: { keyid: string }[];
  };
  expect([said._type, said.version]).toEqual(["root", 3]);
  const by = signatures.filter(({ keyid }) => said.roles.root.keyids.includes(keyid));
  expect(by.length).toBeGreaterThanOrEqual(said.roles.root.threshold);
});
