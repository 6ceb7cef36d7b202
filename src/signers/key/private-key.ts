import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { isCosignKey, openCosignKey } from "./cosign-key.ts";
import { privateBlock } from "./pem-text.ts";

/**
 * Reads a signing key: cosign's own format, or PEM as openssl writes it (PKCS#8, EC, RSA; sealed or not).
 * Throws a `Problem` for what the logs and cosign would not take, naming the type.
 */
export function readPrivateKey(key: Secret, password: Secret | undefined): KeyObject {
  const pem = privateBlock(key.reveal());
  const opened = isCosignKey(pem) ? openCosignKey(pem, password) : openPem(pem, password);
  checkType(opened);
  return opened;
}

function openPem(pem: string, password: Secret | undefined): KeyObject {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(pem)?.[1];
  if (label === undefined) throw unreadable("it is not PEM");
  if (!label.endsWith("PRIVATE KEY"))
    throw unreadable(`its label is ${label}, not that of a private key`);
  if (label === "OPENSSH PRIVATE KEY") {
    throw unreadable("OpenSSH's format is not known to cosign or Node");
  }
  const sealed = label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED$/m.test(pem);
  if (sealed && password === undefined) throw unreadable("it has a password, and none was given");
  try {
    return createPrivateKey(sealed ? { key: pem, passphrase: password?.reveal() ?? "" } : pem);
  } catch {
    // OpenSSL's message adds nothing that the reader can use.
    throw unreadable(sealed ? "the password does not open it" : `the ${label} is damaged`);
  }
}

function unreadable(why: string): Problem {
  return new Problem("sign-key", `\`sign-key\` cannot be used: ${why}`, {
    hint: "give a key of `cosign generate-key-pair` or an ECDSA P-256 or RSA key as PEM, its password in COSIGN_PASSWORD",
  });
}

const SMALLEST_RSA = 2048;

function checkType(key: KeyObject): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ec" && details?.namedCurve === "prime256v1") return;
  if (type === "rsa" && (details?.modulusLength ?? 0) >= SMALLEST_RSA) return;
  throw new Problem("sign-key", `a key of type ${nameOf(key)} is not supported`, {
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
