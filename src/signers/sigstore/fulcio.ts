import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import { Problem } from "../../model/problem.ts";
import type { Reach } from "../../net/exchange.ts";
import type { Credential } from "../bundles/credential.ts";
import { localKey } from "../bundles/signing-key.ts";
import type { Claims } from "./claims.ts";
import type { IdentityToken } from "./identity-token.ts";
import { callService, JsonObject, nonsense, type Service } from "./service.ts";

/** A key that lives in memory, and the certificate that ties it to an identity for some minutes. */
export interface Certified extends Credential {
  /** Whom the certificate names. */
  readonly subject: string;
  /** Milliseconds. */
  readonly lifetime: number;
}

function fulcio(url: string): Service {
  return { name: "Fulcio", url, timeout: 30_000 };
}

/** Makes a key pair and has it certified by Fulcio. Throws a `Problem` when it refuses. */
export async function certify(
  fulcioUrl: string,
  { token, claims }: IdentityToken,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Certified> {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const service = fulcio(`${fulcioUrl}/api/v2/signingCert`);
  const answer = await callService(
    service,
    {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        credentials: { oidcIdentityToken: token.reveal() },
        publicKeyRequest: publicKeyRequest(keys, claims),
      }),
      secrets: [token],
      hints: {
        400: refusedIdentity(claims),
        401: refusedIdentity(claims),
        403: refusedIdentity(claims),
      },
      signal,
    },
    reach,
  );
  const pem = leafOf(answer.as(JsonObject));
  if (pem === undefined) throw nonsense(service, "JSON without a certificate");
  return {
    key: localKey(keys.privateKey),
    proof: { kind: "certificate", pem },
    ...readCertificate(pem, keys.publicKey, service),
  };
}

/** The public key, and the subject signed with the private one: that whoever asks has it. */
function publicKeyRequest({ publicKey, privateKey }: KeyPairKeyObjectResult, { subject }: Claims) {
  return {
    publicKey: {
      algorithm: "ECDSA",
      content: publicKey.export({ type: "spki", format: "pem" }),
    },
    proofOfPossession: sign("sha256", Buffer.from(subject), privateKey).toString("base64"),
  };
}

/**
 * Asks Fulcio which issuers it knows, because it does not tell an unknown issuer from an expired token.
 * A Fulcio that does not answer this question is believed to know the issuer.
 */
export async function checkIssuer(
  fulcioUrl: string,
  { issuer }: Claims,
  reach: Reach,
  signal?: AbortSignal,
): Promise<void> {
  const service = fulcio(`${fulcioUrl}/api/v2/configuration`);
  const answer = await callService(
    service,
    { method: "GET", headers: { accept: "application/json" }, accept: [404, 501], signal },
    reach,
  );
  if (answer.status !== 200) return;
  const { issuers } = answer.as(JsonObject);
  if (!Array.isArray(issuers) || issuers.some((one) => knows(one, issuer))) return;
  throw new Problem(
    "identity-token",
    `Fulcio (${fulcioUrl}) does not accept the issuer ${issuer}`,
    {
      hint: "use a Fulcio that accepts it (`fulcio-url`), sign with a key (`sign: key`), or `sign: none`",
    },
  );
}

function knows(one: unknown, issuer: string): boolean {
  const { issuerUrl, wildcardIssuerUrl } = (one ?? {}) as Record<string, unknown>;
  if (issuerUrl === issuer) return true;
  if (typeof wildcardIssuerUrl !== "string") return false;
  const [head = "", tail = ""] = wildcardIssuerUrl.split("*");
  return issuer.startsWith(head) && issuer.endsWith(tail);
}

function leafOf(answer: Record<string, unknown>): string | undefined {
  const { signedCertificateEmbeddedSct, signedCertificateDetachedSct } = answer as Record<
    string,
    { chain?: { certificates?: unknown[] } } | undefined
  >;
  const signed = signedCertificateEmbeddedSct ?? signedCertificateDetachedSct;
  const leaf = signed?.chain?.certificates?.[0];
  return typeof leaf === "string" ? leaf : undefined;
}

/** Its span rather than its end counts: this machine's clock may be an hour off. */
function readCertificate(
  pem: string,
  publicKey: KeyObject,
  service: Service,
): Pick<Certified, "subject" | "lifetime"> {
  let certificate: X509Certificate;
  try {
    certificate = X509Certificate.parse(pem);
  } catch {
    throw nonsense(service, "a certificate that cannot be read");
  }
  const certified = createPublicKey({ key: certificate.publicKey, format: "der", type: "spki" });
  if (!certified.equals(publicKey)) throw nonsense(service, "a certificate for another key");
  const { notBefore, notAfter, subjectAltName } = certificate;
  return { subject: subjectAltName ?? "", lifetime: notAfter.getTime() - notBefore.getTime() };
}

function refusedIdentity({ issuer, subject }: Claims): string {
  return `the token is of issuer ${issuer}, subject ${subject}: check that this Fulcio accepts the issuer and that the token is fresh`;
}
