import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod/mini";
import type { Answer, Reach } from "../../net/exchange.ts";
import { callService, nonsense, type Service } from "../sigstore/service.ts";
import { awsCredentials, awsDomain } from "./aws-credentials.ts";
import {
  type KeyService,
  type KeyServiceAccess,
  neededVariable,
  secureUrl,
  unusableKey,
  variableIn,
} from "./key-service.ts";
import { leased } from "./lease.ts";
import type { KeyReference } from "./reference.ts";
import { signedHeaders } from "./sigv4.ts";

const NAME = "AWS KMS";

const PublicKey = z.object({
  PublicKey: z.string(),
  KeyUsage: z.string(),
  KeySpec: z.optional(z.string()),
  SigningAlgorithms: z.optional(z.array(z.string())),
});
const Signature = z.object({ Signature: z.string() });

/** Those that sign a sha256 as cosign verifies it with a key. */
const ALGORITHMS = ["ECDSA_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256"];

type AwsReference = Extract<KeyReference, { service: "awskms" }>;

/** An asymmetric key of AWS KMS (API version 2014-11-01: GetPublicKey, Sign). */
export function awsKey(
  reference: AwsReference,
  access: KeyServiceAccess,
  reach: Reach,
): KeyService {
  const { id: KeyId } = reference;
  const { service, ask } = awsKms(reference, access, reach);
  let SigningAlgorithm = "";
  return {
    publicKey: async (signal) => {
      const answer = (await ask("GetPublicKey", { KeyId }, signal)).as(PublicKey);
      SigningAlgorithm = algorithmOf(answer);
      return readPublic(answer.PublicKey, service);
    },
    sign: async (digest, signal) => {
      const input = {
        KeyId,
        Message: digest.toString("base64"),
        MessageType: "DIGEST",
        SigningAlgorithm,
      };
      return Buffer.from((await ask("Sign", input, signal)).as(Signature).Signature, "base64");
    },
  };
}

/** The service in the key's region, asked with the caller's credentials. */
function awsKms(reference: AwsReference, access: KeyServiceAccess, reach: Reach) {
  const { id } = reference;
  const region = regionOf(id) ?? neededVariable(access, NAME, "AWS_REGION", "AWS_DEFAULT_REGION");
  const url = `${endpointOf(reference, region, access)}/`;
  const service: Service = { name: NAME, url, timeout: 30_000 };
  const who = leased((signal) => awsCredentials(region, access, reach, signal), reach.clock);
  const hint = `see that the credentials are those of a role that may kms:GetPublicKey and kms:Sign with ${id} in ${region}`;
  const ask = async (action: string, input: object, signal?: AbortSignal): Promise<Answer> => {
    const credentials = await who(signal);
    const { secretKey, sessionToken } = credentials;
    const body = JSON.stringify(input);
    const headers = signedHeaders(
      {
        ...{ url, region, service: "kms", now: reach.clock.now(), body },
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `TrentService.${action}`,
        },
      },
      credentials,
    );
    const secrets = sessionToken === undefined ? [secretKey] : [secretKey, sessionToken];
    const hints = { 400: hint, 403: hint };
    return await callService(
      service,
      { method: "POST", headers, body, secrets, hints, signal },
      reach,
    );
  };
  return { service, ask };
}

function regionOf(id: string): string | undefined {
  return /^arn:[\w-]+:kms:([\w-]+):/u.exec(id)?.[1];
}

function endpointOf({ host }: AwsReference, region: string, access: KeyServiceAccess): string {
  if (host !== undefined) return `https://${host}`;
  const given = variableIn(access, "AWS_ENDPOINT_URL_KMS");
  return given === undefined
    ? `https://kms.${region}.${awsDomain(region)}`
    : secureUrl("AWS_ENDPOINT_URL_KMS", given);
}

function algorithmOf({
  KeyUsage,
  KeySpec = "another kind",
  SigningAlgorithms: offered = [],
}: z.infer<typeof PublicKey>): string {
  const hint = "create one of ECC_NIST_P256 or RSA_3072 with the usage SIGN_VERIFY";
  if (KeyUsage !== "SIGN_VERIFY") throw unusableKey(NAME, `its usage is ${KeyUsage}`, hint);
  const algorithm = ALGORITHMS.find((one) => offered.includes(one));
  if (algorithm !== undefined) return algorithm;
  throw unusableKey(NAME, `it is of ${KeySpec}, which signs no sha256`, hint);
}

function readPublic(base64: string, service: Service): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
  } catch {
    throw nonsense(service, "JSON without a public key");
  }
}
