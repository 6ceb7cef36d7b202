import { createPrivateKey, type KeyObject, scryptSync } from "node:crypto";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import * as z from "zod/mini";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { derOf } from "../bundles/pem.ts";
import { openedWith, passwordCure } from "./password.ts";

/** `cosign.key`: a PKCS#8 key sealed by a password (secure-systems-lab/go-securesystemslib, `encrypted`). */
const Sealed = z.object({
  kdf: z.object({
    name: z.literal("scrypt"),
    params: z.object({ N: z.number(), r: z.number(), p: z.number() }),
    salt: z.string(),
  }),
  cipher: z.object({ name: z.literal("nacl/secretbox"), nonce: z.string() }),
  ciphertext: z.string(),
});
type Sealed = z.infer<typeof Sealed>;

const LABELS = /^-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----$/m;

/** The only costs that cosign accepts; anything else could also ask for all memory there is. */
const COSTS = [32_768, 65_536, 131_072];

export function isCosignKey(pem: string): boolean {
  return LABELS.test(pem);
}

/**
 * Opens a key as `cosign generate-key-pair` writes it; `name` is what people know it by. Throws a `Problem` when the
 * password is wrong.
 */
export function openCosignKey(pem: string, password: Secret | undefined, name: string): KeyObject {
  const sealed = readSealed(pem, name);
  if (password === undefined) {
    throw new Problem("sign-key", `${name} has a password, and none was given`, {
      hint: "set COSIGN_PASSWORD from a secret (empty when the key has an empty password)",
    });
  }
  const der = openedWith(password, (word) => unseal(sealed, word, name));
  if (der === undefined) {
    throw new Problem("sign-key", `the password does not decrypt ${name}`, {
      hint: passwordCure(password),
    });
  }
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  } catch {
    throw malformed(name, "it does not contain a PKCS#8 key");
  }
}

function readSealed(pem: string, name: string): Sealed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(derOf(pem).toString("utf8"));
  } catch {
    throw malformed(name, "its body is not JSON");
  }
  const result = Sealed.safeParse(parsed);
  if (!result.success) throw malformed(name, "it is not encrypted with scrypt and nacl/secretbox");
  const { N, r, p } = result.data.kdf.params;
  if (!COSTS.includes(N) || r !== 8 || p !== 1) {
    throw malformed(name, `its scrypt cost N=${N}, r=${r}, p=${p} is not one that cosign uses`);
  }
  return result.data;
}

/** Undefined when the password is another. */
function unseal(
  { kdf, cipher, ciphertext }: Sealed,
  password: string,
  name: string,
): Uint8Array | undefined {
  const { N, r, p } = kdf.params;
  const nonce = Buffer.from(cipher.nonce, "base64");
  if (nonce.length !== 24) throw malformed(name, "its nonce is not 24 bytes long");
  const key = scryptSync(password, Buffer.from(kdf.salt, "base64"), 32, {
    N,
    r,
    p,
    maxmem: 256 * N * r,
  });
  try {
    return xsalsa20poly1305(key, nonce).decrypt(Buffer.from(ciphertext, "base64"));
  } catch {
    return undefined;
  } finally {
    key.fill(0);
  }
}

function malformed(name: string, why: string): Problem {
  return new Problem("sign-key", `${name} cannot be read: ${why}`, {
    hint: "give the whole file that `cosign generate-key-pair` wrote",
  });
}
