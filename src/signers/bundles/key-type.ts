import type { KeyObject } from "node:crypto";

/** The curves of ECDSA keys, by OpenSSL's names. */
const CURVES: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
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

/** As people call it, e.g. `ECDSA P-384`, `RSA-2048`. */
export function keyTypeName({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string {
  if (type === "ec") return `ECDSA ${CURVES[details?.namedCurve ?? ""] ?? details?.namedCurve}`;
  if (type === "rsa") return `RSA-${details?.modulusLength}`;
  return NAMES[type ?? ""] ?? String(type);
}

const SMALLEST_RSA = 2048;

/** Whether cosign verifies signatures of such a key. */
export function isSigningType({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): boolean {
  switch (type) {
    case "ec":
      return ["prime256v1", "secp384r1", "secp521r1"].includes(details?.namedCurve ?? "");
    case "rsa":
      return (details?.modulusLength ?? 0) >= SMALLEST_RSA;
    default:
      return type === "ed25519";
  }
}

export const SIGNING_TYPES = "ECDSA P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits";

/**
 * What keeps a log from taking signatures of such a key; undefined where nothing does. Rekor takes P-384 and P-521 only
 * with longer digests, which cosign does not verify with a key, and Ed25519 only with a variant of it.
 */
export function logFault(key: KeyObject, rekorVersion: 1 | 2): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const bits = details?.modulusLength ?? 0;
  const isTaken =
    type === "rsa"
      ? rekorVersion === 1 || [2048, 3072, 4096].includes(bits)
      : details?.namedCurve === "prime256v1";
  return isTaken
    ? undefined
    : `Rekor v${rekorVersion} does not accept signatures of an ${keyTypeName(key)} key`;
}
