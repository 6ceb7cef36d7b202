import { createHash, createHmac } from "node:crypto";
import type { Secret } from "../../model/secret.ts";

export interface AwsCredentials {
  readonly keyId: string;
  readonly secretKey: Secret;
  readonly sessionToken?: Secret;
}

interface AwsRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The headers of a POST without a query, with AWS' signature (Signature Version 4, docs.aws.amazon.com). */
export function signedHeaders(
  { url, headers, body, region, service, now }: AwsRequest,
  { keyId, secretKey, sessionToken }: AwsCredentials,
): Record<string, string> {
  const { host, pathname } = new URL(url);
  const time = new Date(now).toISOString().replace(/[:-]|\.\d+/gu, "");
  const all: Record<string, string> = {
    ...headers,
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken.reveal() }),
  };
  const signed = Object.entries({ ...all, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(";");
  const canonical = [
    "POST",
    pathname,
    "",
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secretKey.reveal()}`);
  const signature = hmac(key, text).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...all, authorization };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
