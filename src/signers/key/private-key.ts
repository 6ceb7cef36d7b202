import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { isSigningType, keyTypeName, SIGNING_TYPES } from "../bundles/key-type.ts";
import { isCosignKey, openCosignKey } from "./cosign-key.ts";
import { openedWith, passwordCure } from "./password.ts";
import { privateBlock } from "./pem-text.ts";

/**
 * Reads a signing key: cosign's own format, or PEM as openssl writes it (PKCS#8, EC, RSA; sealed or not). `name` is
 * what people know it by. Throws a `Problem` for what the logs and cosign would not take, naming the type.
 */
export function readPrivateKey(
  key: Secret,
  password: Secret | undefined,
  name = "the signing key",
): KeyObject {
  const pem = privateBlock(key.reveal());
  const opened = isCosignKey(pem)
    ? openCosignKey(pem, password, name)
    : openPem(pem, password, name);
  checkType(opened, name);
  return opened;
}

function openPem(pem: string, password: Secret | undefined, name: string): KeyObject {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(pem)?.[1];
  if (label === undefined) throw unusable(name, "it is not PEM", cureOf(pem));
  const other = others.find(([pattern]) => pattern.test(label));
  if (other !== undefined) throw unusable(name, `its label is ${label}`, other[1]);
  if (!label.endsWith("PRIVATE KEY"))
    throw unusable(name, `its label is ${label}, not that of a private key`);
  const sealed = label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED$/m.test(pem);
  if (!sealed) {
    try {
      return createPrivateKey(pem);
    } catch {
      throw unusable(name, `the ${label} is corrupted`);
    }
  }
  if (password === undefined)
    throw unusable(
      name,
      "it has a password, and none was given",
      "set COSIGN_PASSWORD from a secret",
    );
  const unsealed = openedWith(password, (passphrase) => opened(pem, passphrase));
  if (unsealed === undefined)
    throw unusable(name, "the password does not decrypt it", passwordCure(password));
  if (unsealed === "cipher")
    throw unusable(
      name,
      "it is encrypted with an algorithm that OpenSSL 3 does not offer, such as DES or RC2",
      "encrypt it again: `openssl pkcs8 -topk8 -v2 aes-256-cbc -provider legacy -provider default`",
    );
  return unsealed;
}

/** Of OpenSSL's reasons only one helps the reader: that no password would do. */
function opened(pem: string, passphrase: string): KeyObject | "cipher" | undefined {
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch (error) {
    return UNKNOWN_CIPHER.has((error as { code?: unknown }).code) ? "cipher" : undefined;
  }
}

const UNKNOWN_CIPHER: ReadonlySet<unknown> = new Set([
  "ERR_OSSL_EVP_UNSUPPORTED",
  "ERR_OSSL_PEM_UNSUPPORTED_ENCRYPTION",
]);

/** For keys that are in none of PEM's blocks: DER begins with a sequence, a JSON Web Key with a brace. */
function cureOf(text: string): string | undefined {
  if (text.startsWith("0"))
    return "convert DER or PKCS#12 first: `openssl pkey -inform DER`, or `openssl pkcs12 -nocerts -nodes`";
  return text.startsWith("{") ? "convert the JSON Web Key to PEM first" : undefined;
}

/** Keys of other kinds that people have in the same places. */
const others: readonly (readonly [RegExp, string])[] = [
  [
    /^OPENSSH PRIVATE KEY$/u,
    "cosign does not support the OpenSSH format: create a key with `cosign generate-key-pair`",
  ],
  [
    /^PGP /u,
    "cosign cannot verify signatures of a GnuPG key: create a key with `cosign generate-key-pair`",
  ],
  [/PUBLIC KEY$/u, "that is the public key: give the private one, `cosign.key`"],
  [/CERTIFICATE/u, "a certificate cannot sign: give the private key that belongs to it"],
];

function unusable(
  name: string,
  why: string,
  hint = "give a key from `cosign generate-key-pair` or one of openssl's as PEM, its password in COSIGN_PASSWORD",
): Problem {
  return new Problem("sign-key", `${name} cannot be used: ${why}`, { hint });
}

function checkType(key: KeyObject, name: string): void {
  if (isSigningType(key)) return;
  throw new Problem("sign-key", `${name} is of type ${keyTypeName(key)}, which is not supported`, {
    hint: `sign with ${SIGNING_TYPES}`,
  });
}

/** The public half as SPKI PEM, which is what cosign calls `cosign.pub`. */
export function publicPem(key: KeyObject): string {
  const half = key.type === "public" ? key : createPublicKey(key);
  return half.export({ type: "spki", format: "pem" }).toString();
}
