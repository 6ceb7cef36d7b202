import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
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
  if (label === undefined) throw unusable(name, "it is not PEM");
  const other = others.find(([pattern]) => pattern.test(label));
  if (other !== undefined) throw unusable(name, `its label is ${label}`, other[1]);
  if (!label.endsWith("PRIVATE KEY"))
    throw unusable(name, `its label is ${label}, not that of a private key`);
  const sealed = label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED$/m.test(pem);
  if (!sealed) {
    const plain = opened(pem);
    if (plain === undefined) throw unusable(name, `the ${label} is corrupted`);
    return plain;
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
  return unsealed;
}

/** OpenSSL's message adds nothing that the reader can use. */
function opened(pem: string, passphrase?: string): KeyObject | undefined {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    return undefined;
  }
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
  hint = "give a key from `cosign generate-key-pair` or an ECDSA P-256 or RSA key as PEM, its password in COSIGN_PASSWORD",
): Problem {
  return new Problem("sign-key", `${name} cannot be used: ${why}`, { hint });
}

const SMALLEST_RSA = 2048;

function checkType(key: KeyObject, name: string): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ec" && details?.namedCurve === "prime256v1") return;
  if (type === "rsa" && (details?.modulusLength ?? 0) >= SMALLEST_RSA) return;
  throw new Problem("sign-key", `${name} is of type ${nameOf(key)}, which is not supported`, {
    hint: "sign with ECDSA P-256 (`cosign generate-key-pair`) or RSA of at least 2048 bits",
  });
}

function nameOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  if (type === "ec") return `ECDSA ${CURVES[details?.namedCurve ?? ""] ?? details?.namedCurve}`;
  if (type === "rsa") return `RSA-${details?.modulusLength}`;
  return NAMES[type ?? ""] ?? String(type);
}

const CURVES: Readonly<Record<string, string>> = {
  secp224r1: "P-224",
  secp384r1: "P-384",
  secp521r1: "P-521",
};
const NAMES: Readonly<Record<string, string>> = {
  ed25519: "Ed25519",
  ed448: "Ed448",
  dsa: "DSA",
  "rsa-pss": "RSA-PSS",
  x25519: "X25519",
};

/** The public half as SPKI PEM, which is what cosign calls `cosign.pub`. */
export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}
