import { Problem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { callService, nonsense, type Service } from "../sigstore/service.ts";
import { type KeyServiceAccess, secureUrl, serviceToken, variableIn } from "./key-service.ts";
import type { Lease } from "./lease.ts";
import type { AwsCredentials } from "./sigv4.ts";

/**
 * Who asks AWS: the keys in the environment, as an earlier step may have left them, or a role that this run's identity
 * may take (STS, AssumeRoleWithWebIdentity). Throws a `Problem`.
 */
export async function awsCredentials(
  region: string,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<AwsCredentials>> {
  const given = givenCredentials(access);
  if (given !== undefined) return { value: given };
  const role = variableIn(access, "AWS_ROLE_ARN");
  if (role === undefined) {
    throw new Problem("sign-key", "the key is in AWS KMS, and AWS_ROLE_ARN is not set", {
      hint: "set it to a role that trusts this run's identity and may kms:GetPublicKey and kms:Sign, or run aws-actions/configure-aws-credentials before",
    });
  }
  return await assumedRole({ role, region }, access, reach, signal);
}

function givenCredentials(access: KeyServiceAccess): AwsCredentials | undefined {
  const keyId = variableIn(access, "AWS_ACCESS_KEY_ID");
  const secret = variableIn(access, "AWS_SECRET_ACCESS_KEY");
  const session = variableIn(access, "AWS_SESSION_TOKEN");
  if (keyId === undefined || secret === undefined) return undefined;
  return credentialsOf(keyId, secret, session, access);
}

function credentialsOf(
  keyId: string,
  secret: string,
  session: string | undefined,
  { hide }: KeyServiceAccess,
): AwsCredentials {
  const secretKey = new Secret(secret);
  const sessionToken = session === undefined ? undefined : new Secret(session);
  hide(secretKey);
  if (sessionToken === undefined) return { keyId, secretKey };
  hide(sessionToken);
  return { keyId, secretKey, sessionToken };
}

interface RoleRequest {
  readonly role: string;
  readonly region: string;
}

async function assumedRole(
  { role, region }: RoleRequest,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<AwsCredentials>> {
  const audience = "sts.amazonaws.com";
  const token = await serviceToken(
    {
      service: "AWS KMS",
      audience,
      instead: "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
    },
    access,
    reach,
    signal,
  );
  const service: Service = { name: "AWS STS", url: stsUrl(region, access), timeout: 30_000 };
  const form = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: variableIn(access, "AWS_ROLE_SESSION_NAME") ?? "go-release",
    WebIdentityToken: token.reveal(),
  });
  const refused = `see that the trust policy of ${role} names this run's issuer, its subject and the audience ${access.audience ?? audience}`;
  const answer = await callService(
    service,
    {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      secrets: [token],
      hints: { 400: refused, 403: refused },
      signal,
    },
    reach,
  );
  return readCredentials(answer.text, service, access);
}

export function awsDomain(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

function stsUrl(region: string, access: KeyServiceAccess): string {
  const given = variableIn(access, "AWS_ENDPOINT_URL_STS");
  return given === undefined
    ? `https://sts.${region}.${awsDomain(region)}/`
    : `${secureUrl("AWS_ENDPOINT_URL_STS", given)}/`;
}

/** STS answers in XML (API version 2011-06-15), whose values here need no escapes. */
function readCredentials(
  xml: string,
  service: Service,
  access: KeyServiceAccess,
): Lease<AwsCredentials> {
  const read = (name: string) => new RegExp(`<${name}>([^<&]+)</${name}>`, "u").exec(xml)?.[1];
  const [keyId, secret, session, expiry] = [
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "Expiration",
  ].map(read);
  const until = Date.parse(expiry ?? "");
  if (keyId === undefined || secret === undefined || session === undefined || Number.isNaN(until))
    throw nonsense(service, "XML without credentials");
  return { value: credentialsOf(keyId, secret, session, access), until };
}
