import * as z from "zod/mini";
import { Problem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { callService, type Service } from "../sigstore/service.ts";
import { type KeyServiceAccess, serviceToken, variableIn } from "./key-service.ts";
import type { Lease } from "./lease.ts";

const NAME = "Google Cloud KMS";
const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/u;
const PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
const KMS = "https://www.googleapis.com/auth/cloudkms";

const Exchanged = z.object({ access_token: z.string(), expires_in: z.optional(z.number()) });
const Impersonated = z.object({ accessToken: z.string(), expireTime: z.string() });

/**
 * An access token of Google's: the caller's own, or one for this run's identity (workload identity federation), as
 * itself or as a service account. Throws a `Problem`.
 */
export async function googleToken(
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<Secret>> {
  const given = variableIn(access, "GOOGLE_OAUTH_ACCESS_TOKEN");
  if (given !== undefined) {
    const token = new Secret(given);
    access.hide(token);
    return { value: token };
  }
  const provider = providerOf(access);
  const account = variableIn(access, "GOOGLE_SERVICE_ACCOUNT");
  const federated = await exchanged({ provider, account }, access, reach, signal);
  if (account === undefined) return federated;
  return await impersonated({ account, token: federated.value }, access, reach, signal);
}

function providerOf(access: KeyServiceAccess): string {
  const name = "GOOGLE_WORKLOAD_IDENTITY_PROVIDER";
  const provider = variableIn(access, name);
  if (provider !== undefined && PROVIDER.test(provider)) return provider;
  const why = provider === undefined ? "is not set" : "is not the name of a provider";
  throw new Problem("sign-key", `the key is in ${NAME}, and ${name} ${why}`, {
    hint: `set it to projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, or set GOOGLE_OAUTH_ACCESS_TOKEN`,
  });
}

/** RFC 8693 §2.1. */
const EXCHANGE = {
  grantType: "urn:ietf:params:oauth:grant-type:token-exchange",
  requestedTokenType: "urn:ietf:params:oauth:token-type:access_token",
  subjectTokenType: "urn:ietf:params:oauth:token-type:jwt",
};

interface Federation {
  readonly provider: string;
  readonly account: string | undefined;
}

/** Security Token Service, v1 `token` (RFC 8693). */
async function exchanged(
  { provider, account }: Federation,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<Secret>> {
  const audience = `https://iam.googleapis.com/${provider}`;
  const token = await serviceToken(
    { service: NAME, audience, instead: "set GOOGLE_OAUTH_ACCESS_TOKEN" },
    access,
    reach,
    signal,
  );
  const service: Service = {
    name: "Google's token service",
    url: "https://sts.googleapis.com/v1/token",
    timeout: 30_000,
  };
  const refused = `see that the provider ${provider} accepts this run's issuer, its claims and the audience ${access.audience ?? audience}`;
  const now = reach.clock.now();
  const answer = await callService(
    service,
    {
      method: "POST",
      headers: JSON_HEADERS,
      body: JSON.stringify({
        ...EXCHANGE,
        audience: `//iam.googleapis.com/${provider}`,
        scope: account === undefined ? KMS : PLATFORM,
        subjectToken: token.reveal(),
      }),
      secrets: [token],
      hints: { 400: refused, 401: refused, 403: refused },
      signal,
    },
    reach,
  );
  const { access_token: value, expires_in: seconds = 3600 } = answer.as(Exchanged);
  return heldToken(value, now + seconds * 1000, access);
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json" };

interface Impersonation {
  readonly account: string;
  readonly token: Secret;
}

/** IAM Service Account Credentials API, v1 `generateAccessToken`. */
async function impersonated(
  { account, token }: Impersonation,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<Secret>> {
  const name = encodeURIComponent(account);
  const service: Service = {
    name: "Google's service account credentials",
    url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${name}:generateAccessToken`,
    timeout: 30_000,
  };
  const refused = `see that this run's identity has the role roles/iam.workloadIdentityUser on ${account}`;
  const answer = await callService(
    service,
    {
      method: "POST",
      headers: { ...JSON_HEADERS, authorization: `Bearer ${token.reveal()}` },
      body: JSON.stringify({ scope: [KMS], lifetime: "3600s" }),
      secrets: [token],
      hints: { 403: refused, 404: refused },
      signal,
    },
    reach,
  );
  const { accessToken, expireTime } = answer.as(Impersonated);
  return heldToken(accessToken, Date.parse(expireTime), access);
}

function heldToken(text: string, until: number, { hide }: KeyServiceAccess): Lease<Secret> {
  const value = new Secret(text);
  hide(value);
  return { value, until };
}
