import { describe, expect, it } from "vitest";
import { referenceFault } from "../../../../src/signers/key/key-references.ts";
import { readKeyReference } from "../../../../src/signers/kms/reference.ts";

it.each([
  ["pkcs11:token=t;slot-id=0;object=o", "pkcs11", "a key in a device is not supported"],
  ["k8s://namespace/key", "k8s", "kubectl get secret"],
  ["env://COSIGN_PRIVATE_KEY", "env", "pass the variable's value itself"],
  ["gitlab://group/project", "gitlab", "remove `sign-key`"],
  ["github://owner/repo", "github", "remove `sign-key`"],
  ["https://example.com/cosign.key", "https", "give the path of a file"],
  ["file:///keys/cosign.key", "file", "give only the path"],
  ["vault://key", "vault", "give the path of a file"],
  ["awskms://alias/key", "awskms", "write it as awskms:///alias/NAME"],
  ["awskms:///", "awskms", "write it as awskms:///alias/NAME"],
  ["awskms://user@host/alias/key", "awskms", "write it as awskms:///alias/NAME"],
  ["gcpkms://projects/p/keyRings/r/cryptoKeys/k", "gcpkms", "write it as gcpkms://projects/P"],
  ["azurekms://vault/key", "azurekms", "write it as azurekms://VAULT.vault.azure.net/NAME"],
  ["hashivault://a/../b", "hashivault", "write it as hashivault://NAME"],
])("%s is a reference (%s): %s", (given, scheme, cure) => {
  expect(referenceFault(given)).toMatchObject({ scheme, cure: expect.stringContaining(cure) });
  expect(readKeyReference(given)).toBeUndefined();
});

const arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ring = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
describe("a key in a service", () => {
  it.each([
    [`awskms:///${arn}`, { service: "awskms", id: arn }],
    ["awskms:///alias/release", { service: "awskms", id: "alias/release" }],
    [
      "awskms:///1234abcd-12ab-34cd-56ef-1234567890ab",
      { service: "awskms", id: "1234abcd-12ab-34cd-56ef-1234567890ab" },
    ],
    [
      "awskms://localhost:4566/alias/key",
      { service: "awskms", host: "localhost:4566", id: "alias/key" },
    ],
    [`gcpkms://${ring}`, { service: "gcpkms", key: ring }],
    [`gcpkms://${ring}/versions/3`, { service: "gcpkms", key: ring, version: "3" }],
    [`gcpkms://${ring}/cryptoKeyVersions/3`, { service: "gcpkms", key: ring, version: "3" }],
    [
      "azurekms://my-vault.vault.azure.net/key",
      { service: "azurekms", host: "my-vault.vault.azure.net", name: "key" },
    ],
    ["hashivault://key", { service: "hashivault", name: "key" }],
    ["openbao://key", { service: "openbao", name: "key" }],
  ])("%s is read", (given, reference) => {
    expect(referenceFault(given)).toBeUndefined();
    expect(readKeyReference(given)).toEqual(reference);
  });
});

it.each([
  "cosign.key",
  "/keys/cosign.key",
  "C:\\keys\\cosign.key",
  "-----BEGIN PRIVATE KEY-----\nMIGH",
  "LS0tLS1CRUdJTi",
  "",
])("%j is none", (given) => {
  expect(referenceFault(given)).toBeUndefined();
  expect(readKeyReference(given)).toBeUndefined();
});
