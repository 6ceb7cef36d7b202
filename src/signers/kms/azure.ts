import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import * as z from "zod/mini";
import type { Reach } from "../../net/exchange.ts";
import { nonsense, type Service } from "../sigstore/service.ts";
import { azureToken, AZURE as NAME } from "./azure-token.ts";
import { bearerCall } from "./bearer.ts";
import { type KeyService, type KeyServiceAccess, unusableKey } from "./key-service.ts";
import { leased } from "./lease.ts";
import type { KeyReference } from "./reference.ts";

const Key = z.object({
  key: z.looseObject({ kid: z.string(), kty: z.string(), crv: z.optional(z.string()) }),
});
const Signature = z.object({ value: z.string() });

type AzureReference = Extract<KeyReference, { service: "azurekms" }>;

/** A key of Azure Key Vault or a managed HSM (data plane REST API 7.4: get key, sign). */
export function azureKey(
  { host, name, version = "" }: AzureReference,
  access: KeyServiceAccess,
  reach: Reach,
): KeyService {
  const token = leased((signal) => azureToken(host, access, reach, signal), reach.clock);
  const at = (path: string): Service => ({
    name: NAME,
    url: `https://${host}/keys/${name}${path}?api-version=7.4`,
    timeout: 30_000,
  });
  const hint = `see that the identity may get and sign with keys of ${host} (role Key Vault Crypto User)`;
  const missing = `no such key in ${host}: ${name}`;
  const ask = bearerCall({ token, hints: { 401: hint, 403: hint, 404: missing } }, reach);
  let chosen = version;
  let alg = "";
  return {
    publicKey: async (signal) => {
      const service = at(version === "" ? "" : `/${version}`);
      const { key } = (await ask(service, undefined, signal)).as(Key);
      alg = algorithmOf(key);
      // Of its id only the version counts: where signing is asked for is not for an answer to say.
      [, chosen = version] = /\/([0-9a-f]{32})$/u.exec(key.kid) ?? [];
      return readPublic(key, service);
    },
    sign: async (digest, signal) => {
      const body = { alg, value: digest.toString("base64url") };
      const { value } = (await ask(at(`/${chosen}/sign`), body, signal)).as(Signature);
      const signature = Buffer.from(value, "base64url");
      return alg === "ES256" ? derOfPair(signature) : signature;
    },
  };
}

function algorithmOf({ kty, crv = "" }: z.infer<typeof Key>["key"]): string {
  if (kty.startsWith("RSA")) return "RS256";
  if (kty.startsWith("EC") && crv === "P-256") return "ES256";
  const what = crv === "" ? kty : `${kty} ${crv}`;
  throw unusableKey(
    NAME,
    `it is of ${what}, which signs no sha256`,
    "create one of EC P-256 or RSA",
  );
}

/** A JSON Web Key, whose type ends in -HSM where it lies in one. */
function readPublic(key: z.infer<typeof Key>["key"], service: Service): KeyObject {
  try {
    const jwk = { ...key, kty: key.kty.replace(/-HSM$/u, "") };
    return createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch {
    throw nonsense(service, "JSON without a public key");
  }
}

/** An ECDSA signature as two numbers side by side (RFC 7518 §3.4), in DER. */
function derOfPair(pair: Buffer): Buffer {
  const half = pair.length / 2;
  const body = Buffer.concat([integer(pair.subarray(0, half)), integer(pair.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  const value = (short[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([Buffer.from([0x02, value.length]), value]);
}
