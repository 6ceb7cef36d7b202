import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod/mini";
import type { Reach } from "../../net/exchange.ts";
import { nonsense, type Service } from "../sigstore/service.ts";
import { bearerCall } from "./bearer.ts";
import { googleToken } from "./google-token.ts";
import { type KeyService, type KeyServiceAccess, unusableKey } from "./key-service.ts";
import { leased } from "./lease.ts";
import type { KeyReference } from "./reference.ts";

const NAME = "Google Cloud KMS";
const API = "https://cloudkms.googleapis.com/v1";

const Versions = z.object({
  cryptoKeyVersions: z.optional(z.array(z.object({ name: z.string() }))),
});
const PublicKey = z.object({ pem: z.string(), algorithm: z.string() });
const Signature = z.object({ signature: z.string() });

/** Those that sign a sha256 as cosign verifies it with a key. */
const ALGORITHMS = /^(?:EC_SIGN_P256_SHA256|RSA_SIGN_PKCS1_\d+_SHA256)$/u;

type GoogleReference = Extract<KeyReference, { service: "gcpkms" }>;

/** An asymmetric key of Google Cloud KMS (REST v1: getPublicKey, asymmetricSign). */
export function googleKey(
  { key, version }: GoogleReference,
  access: KeyServiceAccess,
  reach: Reach,
): KeyService {
  const token = leased((signal) => googleToken(access, reach, signal), reach.clock);
  const at = (path: string): Service => ({
    name: NAME,
    url: `${API}/${key}/cryptoKeyVersions${path}`,
    timeout: 30_000,
  });
  const hint = `see that the identity has the role roles/cloudkms.signerVerifier on ${key}`;
  const missing = `no such key, or no such version of it: ${key}`;
  const ask = bearerCall({ token, hints: { 401: hint, 403: hint, 404: missing } }, reach);
  let chosen = version;
  return {
    publicKey: async (signal) => {
      chosen ??= newest((await ask(at(ENABLED), undefined, signal)).as(Versions));
      if (chosen === undefined)
        throw unusableKey(NAME, "no version of it is enabled", `enable one of ${key}`);
      const service = at(`/${chosen}/publicKey`);
      const { pem, algorithm } = (await ask(service, undefined, signal)).as(PublicKey);
      if (!ALGORITHMS.test(algorithm))
        throw unusableKey(
          NAME,
          `its algorithm is ${algorithm}`,
          "create one of EC_SIGN_P256_SHA256",
        );
      return readPublic(pem, service);
    },
    sign: async (digest, signal) => {
      const body = { digest: { sha256: digest.toString("base64") } };
      const answer = await ask(at(`/${chosen}:asymmetricSign`), body, signal);
      return Buffer.from(answer.as(Signature).signature, "base64");
    },
  };
}

const ENABLED = "?filter=state%3DENABLED&pageSize=1000";

/** They are numbered from 1 in the order of their making. */
function newest({ cryptoKeyVersions: versions = [] }: z.infer<typeof Versions>) {
  const numbers = versions
    .map(({ name }) => Number(name.split("/").at(-1)))
    .filter(Number.isInteger);
  return numbers.length === 0 ? undefined : String(Math.max(...numbers));
}

function readPublic(pem: string, service: Service): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw nonsense(service, "JSON without a public key");
  }
}
