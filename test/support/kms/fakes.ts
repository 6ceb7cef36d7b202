import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { Readable } from "node:stream";
import type { Http, HttpRequest } from "../../../src/world/world.ts";

/**
 * Fakes of the services that keep keys, as far as a release speaks with them, written after the vendors' API
 * descriptions. No real service is behind them; of AWS' and Google's requests and answers others judge
 * (test/program/signers/kms.test.ts).
 */
export interface FakeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface FakeAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface Fake {
  readonly http: Http;
  readonly requests: FakeRequest[];
  readonly answers: FakeAnswer[];
  /** Answers instead of the service; undefined lets it answer. */
  fault: ((request: FakeRequest) => FakeAnswer | undefined) | undefined;
}

export function json(body: object, status = 200): FakeAnswer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
export function xml(body: string, status = 200): FakeAnswer {
  return { status, type: "text/xml", body };
}

function fake(answer: (request: FakeRequest) => FakeAnswer): Fake {
  const made: Fake = {
    requests: [],
    answers: [],
    fault: undefined,
    http: async ({ method, url, headers = {}, body = "" }: HttpRequest) => {
      const request = { method, url, headers, body: textOf(body) };
      made.requests.push(request);
      const answered = made.fault?.(request) ?? answer(request);
      made.answers.push(answered);
      const { status, type, body: text } = answered;
      return {
        status,
        headers: { "content-type": type },
        body: Readable.from([Buffer.from(text)]),
      };
    },
  };
  return made;
}

function textOf(body: HttpRequest["body"]): string {
  if (typeof body !== "string") throw new Error("a body that is no text");
  return body;
}

/** Signs a digest, which node:crypto offers for RSA alone: of ECDSA the fakes know what was signed beforehand. */
export type Digests = Map<string, Buffer>;

export function digestOf(data: Buffer, known: Digests): string {
  const digest = createHash("sha256").update(data).digest("base64");
  known.set(digest, data);
  return digest;
}

function signed(digest: string, key: KeyObject, known: Digests, encoding: "der" | "ieee-p1363") {
  const data = known.get(digest);
  if (data === undefined) throw new Error("a digest of nothing that is to be signed");
  return sign("sha256", data, { key, dsaEncoding: encoding });
}

export const TOKENS = {
  identity: "identity.token.of-the-run",
  vault: "hvs.client-token",
  secretKey: "secret/access+key",
  session: "session//token==",
  google: "ya29.federated",
  account: "ya29.of-the-account",
  azure: "eyJ.azure.access",
};

interface FakeKey {
  readonly key: KeyObject;
  readonly known: Digests;
}

/** https://developer.hashicorp.com/vault/api-docs/secret/transit and /auth/jwt. */
export function fakeVault({ key, known }: FakeKey, type = "ecdsa-p256"): Fake {
  const pem = spki(key);
  return fake(({ method, url, headers, body }) => {
    const { pathname } = new URL(url);
    const at = `${method} ${pathname}`;
    if (at === "POST /v1/auth/jwt/login") {
      const { jwt, role } = JSON.parse(body) as { jwt: string; role: string };
      return jwt === TOKENS.identity && role === "release"
        ? json({ auth: { client_token: TOKENS.vault, lease_duration: 3600, renewable: true } })
        : json({ errors: [`error validating token ${jwt}: invalid audience (aud) claim`] }, 400);
    }
    if (headers["x-vault-token"] !== TOKENS.vault)
      return json({ errors: ["permission denied"] }, 403);
    if (at === "GET /v1/transit/keys/release") {
      const versions = { 1: { public_key: spki(key) }, 3: { public_key: pem } };
      return json({ data: { type, latest_version: 3, keys: versions } });
    }
    if (at === "POST /v1/transit/sign/release/sha2-256") {
      const asked = JSON.parse(body) as Record<string, unknown>;
      if (asked["prehashed"] !== true || asked["key_version"] !== 3)
        return json({ errors: ["unsupported"] }, 400);
      const signature = signed(String(asked["input"]), key, known, "der").toString("base64");
      return json({ data: { signature: `vault:v3:${signature}`, key_version: 3 } });
    }
    return json({ errors: [] }, 404);
  });
}

/** The AWS Key Management Service API and the AWS Security Token Service API. */
export function fakeAws({ key, known }: FakeKey, change: object = {}): Fake {
  return fake(({ url, headers, body }) => {
    const { host } = new URL(url);
    if (host.startsWith("sts.")) {
      const form = new URLSearchParams(body);
      if (form.get("WebIdentityToken") !== TOKENS.identity)
        return xml(
          `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>Incorrect token audience</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
          400,
        );
      return xml(stsAnswer(Date.now() + 3_600_000));
    }
    if (headers["x-amz-security-token"] !== TOKENS.session)
      return json(
        {
          __type: "UnrecognizedClientException",
          message: "The security token included in the request is invalid.",
        },
        400,
      );
    const input = JSON.parse(body) as Record<string, string>;
    if (headers["x-amz-target"] === "TrentService.GetPublicKey") {
      return json({
        KeyId: "arn:aws:kms:eu-west-1:111122223333:key/1",
        KeySpec: "ECC_NIST_P256",
        KeyUsage: "SIGN_VERIFY",
        PublicKey: createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64"),
        SigningAlgorithms: ["ECDSA_SHA_256"],
        ...change,
      });
    }
    const signature = signed(input["Message"] ?? "", key, known, "der").toString("base64");
    return json({
      KeyId: input["KeyId"],
      Signature: signature,
      SigningAlgorithm: input["SigningAlgorithm"],
    });
  });
}

export function stsAnswer(until: number): string {
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::111122223333:assumed-role/release/go-release</Arn>
      <AssumedRoleId>AROAEXAMPLE:go-release</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <SessionToken>${TOKENS.session}</SessionToken>
      <SecretAccessKey>${TOKENS.secretKey}</SecretAccessKey>
      <Expiration>${new Date(until).toISOString()}</Expiration>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`;
}

/** Cloud KMS v1, Security Token Service v1, IAM Service Account Credentials v1 (their discovery documents). */
export function fakeGoogle({ key, known }: FakeKey, algorithm = "EC_SIGN_P256_SHA256"): Fake {
  const ring = "/v1/projects/p/locations/global/keyRings/r/cryptoKeys/release";
  return fake(({ method, url, headers, body }) => {
    const { host, pathname } = new URL(url);
    if (host === "sts.googleapis.com") {
      const { subjectToken } = JSON.parse(body) as { subjectToken: string };
      return subjectToken === TOKENS.identity
        ? json({
            access_token: TOKENS.google,
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
            token_type: "Bearer",
            expires_in: 3599,
          })
        : json(
            {
              error: "invalid_grant",
              error_description: "The audience in ID Token does not match.",
            },
            400,
          );
    }
    const bearer = headers["authorization"];
    if (host === "iamcredentials.googleapis.com")
      return bearer === `Bearer ${TOKENS.google}`
        ? json({
            accessToken: TOKENS.account,
            expireTime: new Date(Date.now() + 3_600_000).toISOString(),
          })
        : json({ error: { code: 403, message: "denied", status: "PERMISSION_DENIED" } }, 403);
    if (bearer !== `Bearer ${TOKENS.account}` && bearer !== `Bearer ${TOKENS.google}`)
      return json(
        { error: { code: 403, message: `denied to ${bearer}`, status: "PERMISSION_DENIED" } },
        403,
      );
    const at = `${method} ${pathname}`;
    if (at === `GET ${ring}/cryptoKeyVersions`) {
      const names = ["2", "10", "9"].map((nth) => ({
        name: `${ring.slice(4)}/cryptoKeyVersions/${nth}`,
        state: "ENABLED",
      }));
      return json({ cryptoKeyVersions: names, totalSize: 3 });
    }
    if (at === `GET ${ring}/cryptoKeyVersions/10/publicKey`)
      return json({ pem: spki(key), algorithm, name: `${ring.slice(4)}/cryptoKeyVersions/10` });
    if (at === `POST ${ring}/cryptoKeyVersions/10:asymmetricSign`) {
      const { digest } = JSON.parse(body) as { digest: { sha256: string } };
      return json({ signature: signed(digest.sha256, key, known, "der").toString("base64") });
    }
    return json({ error: { code: 404, message: "not found", status: "NOT_FOUND" } }, 404);
  });
}

/** Azure Key Vault's REST API 7.4 (keys) and the OAuth 2.0 client credentials flow of Microsoft Entra. */
export function fakeAzure({ key, known }: FakeKey, change: object = {}): Fake {
  const version = "0123456789abcdef0123456789abcdef";
  return fake(({ method, url, headers, body }) => {
    const { host, pathname, searchParams } = new URL(url);
    if (host === "login.microsoftonline.com") {
      const form = new URLSearchParams(body);
      const isRight =
        form.get("client_assertion") === TOKENS.identity &&
        form.get("scope") === "https://vault.azure.net/.default" &&
        pathname === "/tenant-id/oauth2/v2.0/token";
      return isRight
        ? json({ token_type: "Bearer", expires_in: 3599, access_token: TOKENS.azure })
        : json(
            {
              error: "invalid_client",
              error_description: "AADSTS700213: No matching federated identity record found",
            },
            401,
          );
    }
    if (
      headers["authorization"] !== `Bearer ${TOKENS.azure}` ||
      searchParams.get("api-version") !== "7.4"
    )
      return json({ error: { code: "Forbidden", message: "Caller is not authorized" } }, 403);
    const at = `${method} ${pathname}`;
    if (at === "GET /keys/release") {
      const jwk = createPublicKey(key).export({ format: "jwk" });
      const kid = `https://releases.vault.azure.net/keys/release/${version}`;
      return json({
        key: { ...jwk, kid, key_ops: ["sign", "verify"], ...change },
        attributes: { enabled: true },
      });
    }
    if (at === `POST /keys/release/${version}/sign`) {
      const { alg, value } = JSON.parse(body) as { alg: string; value: string };
      const digest = Buffer.from(value, "base64url").toString("base64");
      const signature = signed(digest, key, known, alg === "ES256" ? "ieee-p1363" : "der");
      return json({
        kid: `https://releases.vault.azure.net/keys/release/${version}`,
        value: signature.toString("base64url"),
      });
    }
    return json(
      { error: { code: "KeyNotFound", message: "A key with (name/id) release was not found" } },
      404,
    );
  });
}

function spki(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}
