import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, it } from "vitest";
import { logFault } from "../../../../src/signers/bundles/key-type.ts";
import { wholeOf } from "../../../../src/signers/bundles/signing-key.ts";
import { readPublicKey } from "../../../../src/verification/index.ts";

function ec(namedCurve: string) {
  return generateKeyPairSync("ec", { namedCurve });
}
function rsa(modulusLength: number) {
  return generateKeyPairSync("rsa", { modulusLength });
}
function pem(key: KeyObject) {
  return key.export({ type: "spki", format: "pem" }).toString();
}

it.each([
  ["ECDSA P-256", ec("P-256"), [1, 2]],
  ["ECDSA P-384", ec("P-384"), []],
  ["ECDSA P-521", ec("P-521"), []],
  ["Ed25519", generateKeyPairSync("ed25519"), []],
  ["RSA-2048", rsa(2048), [1, 2]],
  ["RSA-2560", rsa(2560), [1]],
] as const)(
  "a log that takes no signatures of %s is told before anything is built",
  (name, { publicKey }, takes) => {
    for (const version of [1, 2] as const) {
      const said = `Rekor v${version} does not accept signatures of an ${name} key`;
      const isTaken = (takes as readonly number[]).includes(version);
      expect(logFault(publicKey, version)).toBe(isTaken ? undefined : said);
    }
  },
);

it("a public key of a type that signs no release is refused by name", () => {
  const { publicKey } = generateKeyPairSync("x25519");
  expect(() => readPublicKey(pem(publicKey), "the key x.pub")).toThrow(
    "the key x.pub is of type X25519, which signs no release",
  );
});

it("what Ed25519 cannot hold in memory is refused before it does", async () => {
  const chunk = Buffer.alloc(2 ** 26);
  await expect(wholeOf(Array.from({ length: 9 }, () => chunk))).rejects.toThrow(
    "an Ed25519 key signs files of 512 MiB at most",
  );
});
