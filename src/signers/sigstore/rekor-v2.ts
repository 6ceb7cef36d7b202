import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { TransparencyLogEntry } from "@sigstore/protobuf-specs";
import type { SignatureBundle, VerificationMaterial, Witness } from "@sigstore/sign";
import { Problem } from "../../model/problem.ts";
import type { Reach } from "../../net/exchange.ts";
import { preAuthEncoding } from "../bundles/dsse.ts";
import { derOf } from "../bundles/pem.ts";
import { callService, JsonObject, nonsense, type Service } from "./service.ts";

/** A Rekor v2 log has this very signature already and does not give its entry out again. */
export class LogConflict extends Problem {
  constructor(url: string) {
    super("signing-service", `Rekor (${url}) already contains this signature`, {
      hint: "sign with an ECDSA key, whose signatures differ each time, or use `rekor-version: 1`",
    });
  }
}

/**
 * Writes to a Rekor v2 log (rekor-tiles, api/v2). It answers at its next checkpoint, some ten seconds
 * later. The library's own posts a request for envelopes that was removed, and keys as certificates.
 */
export function rekorV2(url: string, reach: Reach, signal?: AbortSignal): Witness {
  const service: Service = { name: "Rekor", url: `${url}/api/v2/log/entries`, timeout: 60_000 };
  return {
    async testify(content, pem) {
      const answer = await callService(
        service,
        {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify({ hashedRekordRequestV002: hashedRekord(content, pem) }),
          accept: [409],
          signal,
        },
        reach,
      );
      if (answer.status === 409) throw new LogConflict(url);
      return { tlogEntries: [readEntry(answer.as(JsonObject), service)] };
    },
  };
}

/** rekor.v2.HashedRekordRequestV002; an envelope is logged by the digest of what was signed. */
function hashedRekord(content: SignatureBundle, pem: string) {
  const { digest, signature } = signedDigest(content);
  const isCertificate = pem.includes("CERTIFICATE");
  const key = isCertificate ? new X509Certificate(pem).publicKey : createPublicKey(pem);
  const rawBytes = derOf(pem).toString("base64");
  return {
    digest: digest.toString("base64"),
    signature: {
      content: signature.toString("base64"),
      verifier: {
        keyDetails: keyDetails(key),
        ...(isCertificate ? { x509Certificate: { rawBytes } } : { publicKey: { rawBytes } }),
      },
    },
  };
}

function signedDigest(content: SignatureBundle): { digest: Buffer; signature: Buffer } {
  if (content.$case === "messageSignature") {
    const { messageDigest, signature } = content.messageSignature;
    return { digest: messageDigest?.digest ?? Buffer.alloc(0), signature };
  }
  const { payloadType, payload, signatures } = content.dsseEnvelope;
  const digest = createHash("sha256").update(preAuthEncoding(payloadType, payload)).digest();
  return { digest, signature: signatures[0]?.sig ?? Buffer.alloc(0) };
}

type LoggedEntry = NonNullable<VerificationMaterial["tlogEntries"]>[number];

function keyDetails(key: KeyObject): string {
  if (key.asymmetricKeyType === "rsa") {
    return `PKIX_RSA_PKCS1V15_${key.asymmetricKeyDetails?.modulusLength ?? 2048}_SHA256`;
  }
  return "PKIX_ECDSA_P256_SHA_256";
}

function readEntry(answer: Record<string, unknown>, service: Service): LoggedEntry {
  try {
    const entry = TransparencyLogEntry.fromJSON(answer);
    const { logId, kindVersion } = entry;
    if (logId !== undefined && kindVersion !== undefined && entry.inclusionProof !== undefined) {
      return { ...entry, logId, kindVersion };
    }
  } catch {
    // Told below.
  }
  throw nonsense(service, "JSON that is not a log entry");
}
