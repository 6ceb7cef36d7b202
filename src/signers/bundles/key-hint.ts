import { createHash, type KeyObject } from "node:crypto";

/** How a bundle names its public key: base64 of the sha256 of the SPKI DER, as cosign does. */
export function keyHint(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
