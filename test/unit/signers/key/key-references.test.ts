import { expect, it } from "vitest";
import { referenceFault } from "../../../../src/signers/key/key-references.ts";

it.each([
  [
    "awskms:///arn:aws:kms:eu-west-1:123456789012:key/abc",
    "awskms",
    "a key in a service is not supported",
  ],
  ["awskms://localhost:4566/alias/key", "awskms", "a key in a service"],
  ["gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k", "gcpkms", "a key in a service"],
  ["azurekms://vault.vault.azure.net/key", "azurekms", "a key in a service"],
  ["hashivault://key", "hashivault", "a key in a service"],
  ["openbao://key", "openbao", "a key in a service"],
  ["pkcs11:token=t;slot-id=0;object=o", "pkcs11", "a key in a device"],
  ["k8s://namespace/key", "k8s", "kubectl get secret"],
  ["env://COSIGN_PRIVATE_KEY", "env", "pass the variable's value itself"],
  ["gitlab://group/project", "gitlab", "remove `sign-key`"],
  ["github://owner/repo", "github", "remove `sign-key`"],
  ["https://example.com/cosign.key", "https", "give the path of a file"],
  ["file:///keys/cosign.key", "file", "give only the path"],
  ["vault://key", "vault", "give the path of a file"],
])("%s is a reference (%s): %s", (given, scheme, cure) => {
  expect(referenceFault(given)).toMatchObject({ scheme, cure: expect.stringContaining(cure) });
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
});
