import { createHash } from "node:crypto";
import { RFC3161Timestamp } from "@sigstore/core";
import type { SignatureBundle, Witness } from "@sigstore/sign";
import type { Reach } from "../../net/exchange.ts";
import { callService, nonsense, type Service } from "./service.ts";

/** Has a timestamp authority (RFC 3161, sigstore's JSON request) say when a signature was there. */
export function timestampAuthority(url: string, reach: Reach, signal?: AbortSignal): Witness {
  const service: Service = {
    name: "the timestamp authority",
    url: timestampUrl(url),
    timeout: 15_000,
  };
  return {
    async testify(content) {
      const signature = signatureOf(content);
      const answer = await callService(
        service,
        {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/timestamp-reply" },
          body: JSON.stringify({
            artifactHash: createHash("sha256").update(signature).digest("base64"),
            hashAlgorithm: "sha256",
          }),
          signal,
        },
        reach,
      );
      if (!isTimestampOf(answer.bytes, signature)) {
        throw nonsense(service, "something that is not a timestamp of the signature");
      }
      return { rfc3161Timestamps: [{ signedTimestamp: answer.bytes }] };
    },
  };
}

/** The path is the service's usual one unless the URL names another. */
function timestampUrl(url: string): string {
  return new URL(url).pathname === "/" ? `${url}/api/v1/timestamp` : url;
}

function signatureOf(content: SignatureBundle): Buffer {
  return content.$case === "messageSignature"
    ? content.messageSignature.signature
    : (content.dsseEnvelope.signatures[0]?.sig ?? Buffer.alloc(0));
}

/** Whose signature it bears is judged by the gate, against the trust root: cosign would not look. */
function isTimestampOf(bytes: Buffer, signature: Buffer): boolean {
  try {
    const timestamp = RFC3161Timestamp.parse(Buffer.from(bytes));
    timestamp.tstInfo.verify(signature);
    return timestamp.status <= 1n && Number.isFinite(timestamp.signingTime.getTime());
  } catch {
    return false;
  }
}
