import { createPublicKey, type KeyObject } from "node:crypto";
import type { Secret } from "../../model/secret.ts";
import { localKey, type SigningKey } from "../bundles/signing-key.ts";
import { readPrivateKey } from "./private-key.ts";

/** A key of the user's, wherever it is kept. */
export interface HeldKey {
  readonly publicKey: KeyObject;
  readonly key: SigningKey;
}

/** One that was given as PEM; `name` is what people know it by. Throws a `Problem`. */
export function keyInMemory(
  pem: Secret,
  password: Secret | undefined,
  name: string | undefined,
): HeldKey {
  const privateKey = readPrivateKey(pem, password, name);
  return { publicKey: createPublicKey(privateKey), key: localKey(privateKey) };
}
