import { createHash } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Reach } from "../../net/exchange.ts";
import { isSigningType, keyTypeName, SIGNING_TYPES } from "../bundles/key-type.ts";
import type { HeldKey } from "../key/held-key.ts";
import type { KeyService, KeyServiceAccess } from "./key-service.ts";
import type { KeyReference } from "./reference.ts";

export type { KeyServiceAccess } from "./key-service.ts";

async function serviceOf(
  reference: KeyReference,
  access: KeyServiceAccess,
  reach: Reach,
): Promise<KeyService> {
  switch (reference.service) {
    case "hashivault":
    case "openbao":
      return (await import("./vault.ts")).vaultKey(reference, access, reach);
    case "awskms":
      return (await import("./aws.ts")).awsKey(reference, access, reach);
    case "gcpkms":
      return (await import("./google.ts")).googleKey(reference, access, reach);
    case "azurekms":
      return (await import("./azure.ts")).azureKey(reference, access, reach);
  }
}

/** A key in a service, once its public half was obtained, which needs all that signing needs. Throws a `Problem`. */
export async function keyInService(
  reference: KeyReference,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<HeldKey> {
  const service = await serviceOf(reference, access, reach);
  const publicKey = await service.publicKey(signal);
  if (!isSigningType(publicKey)) {
    throw new Problem(
      "sign-key",
      `the key is of type ${keyTypeName(publicKey)}, which is not supported`,
      {
        hint: `sign with ${SIGNING_TYPES}`,
      },
    );
  }
  return {
    publicKey,
    key: {
      sign: async (chunks, over) => {
        const hash = createHash("sha256");
        for await (const chunk of chunks) hash.update(chunk);
        const digest = hash.digest();
        return { digest, signature: await service.sign(digest, over) };
      },
    },
  };
}
