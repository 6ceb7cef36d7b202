import * as z from "zod/mini";
import { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { callService, type Service } from "../sigstore/service.ts";
import {
  type KeyServiceAccess,
  neededVariable,
  secureUrl,
  serviceToken,
  variableIn,
} from "./key-service.ts";
import type { Lease } from "./lease.ts";

/** For people. */
export const AZURE = "Azure Key Vault";

const AUDIENCE = "api://AzureADTokenExchange";
const Token = z.object({ access_token: z.string(), expires_in: z.number() });

/**
 * The token of an application whose federated credential is this run's identity, for a key vault (OAuth 2.0, RFC 7523
 * §2.2). Throws a `Problem`.
 */
export async function azureToken(
  host: string,
  access: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Lease<Secret>> {
  const service = entra(access);
  const client = neededVariable(access, AZURE, "AZURE_CLIENT_ID");
  const instead = "sign with a key that lies elsewhere";
  const request = { service: AZURE, audience: AUDIENCE, instead };
  const assertion = await serviceToken(request, access, reach, signal);
  const refused = `see that the application ${client} has a federated credential for this run's issuer, its subject and the audience ${access.audience ?? AUDIENCE}`;
  const now = reach.clock.now();
  const answer = await callService(
    service,
    {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: formOf(client, host, assertion).toString(),
      secrets: [assertion],
      hints: { 400: refused, 401: refused },
      signal,
    },
    reach,
  );
  const { access_token: token, expires_in: seconds } = answer.as(Token);
  const value = new Secret(token);
  access.hide(value);
  return { value, until: now + seconds * 1000 };
}

function entra(access: KeyServiceAccess): Service {
  const tenant = neededVariable(access, AZURE, "AZURE_TENANT_ID");
  const name = "AZURE_AUTHORITY_HOST";
  const authority = secureUrl(
    name,
    variableIn(access, name) ?? "https://login.microsoftonline.com",
  );
  const url = `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
  return { name: "Microsoft Entra", url, timeout: 30_000 };
}

function formOf(client: string, host: string, assertion: Secret): URLSearchParams {
  return new URLSearchParams({
    client_id: client,
    // Of the vault's own cloud: https://vault.azure.net, https://managedhsm.azure.net, …
    scope: `https://${host.slice(host.indexOf(".") + 1)}/.default`,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion.reveal(),
    grant_type: "client_credentials",
  });
}
