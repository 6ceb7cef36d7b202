import { createPublicKey, type KeyObject } from "node:crypto";
import { Problem } from "../model/problem.ts";
import { isSigningType, keyTypeName, SIGNING_TYPES } from "../signers/bundles/key-type.ts";

/**
 * The public key that people know by `name`: SPKI as cosign and openssl write it, PKCS#1, or of a certificate. Throws a
 * `Problem`.
 */
export function readPublicKey(pem: string, name = "`key`"): KeyObject {
  // Node would take the public half of it, and the private one has no business with readers.
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/u.test(pem)) {
    throw new Problem(
      "verify",
      `${name} contains a private key, and signatures are verified with its public half`,
      {
        hint: "give that: cosign.pub, or what `openssl pkey -pubout` writes",
      },
    );
  }
  const key = opened(pem, name);
  if (isSigningType(key)) return key;
  throw new Problem("verify", `${name} is of type ${keyTypeName(key)}, which signs no release`, {
    hint: `releases are signed with ${SIGNING_TYPES}`,
  });
}

function opened(pem: string, name: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw new Problem("verify", `${name} does not contain a public key`, {
      hint: "give the path of a PEM file like cosign.pub",
    });
  }
}
