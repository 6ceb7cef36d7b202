import { Problem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import type { IdentitySource } from "../../model/surroundings.ts";
import type { Reach } from "../../net/exchange.ts";
import { type Claims, readClaims } from "./claims.ts";
import { GITHUB_PERMISSION, gitlabIdToken } from "./permissions.ts";
import { callService, JsonObject } from "./service.ts";

export interface IdentityToken {
  readonly token: Secret;
  readonly claims: Claims;
}

/**
 * Obtains an identity token for an audience and reads its claims before anybody else does, because Fulcio answers every
 * kind of fault with the same words. Throws a `Problem` with the lines to add.
 */
export async function obtainIdentityToken(
  source: IdentitySource,
  audience: string,
  reach: Reach,
  signal?: AbortSignal,
): Promise<IdentityToken> {
  const token =
    source.kind === "github" ? await githubToken(source, audience, reach, signal) : source.token;
  const claims = readClaims(token);
  checkAudience(claims, audience, source);
  // A token that GitHub made a moment ago is fresh whatever this machine's clock says.
  if (source.kind === "token") checkExpiry(claims, reach.clock.now());
  return { token, claims };
}

/** An identity token for an audience, fresh from GitHub. Throws a `Problem`. */
export async function githubToken(
  source: Extract<IdentitySource, { kind: "github" }>,
  audience: string,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Secret> {
  const url = new URL(source.url);
  url.searchParams.set("audience", audience);
  const service = { name: "GitHub's identity service", url: url.href, timeout: 10_000 };
  const answer = await callService(
    service,
    {
      method: "GET",
      headers: { accept: "application/json", authorization: `Bearer ${source.token.reveal()}` },
      secrets: [source.token],
      hints: { 401: GITHUB_PERMISSION, 403: GITHUB_PERMISSION, 404: GITHUB_PERMISSION },
      signal,
    },
    reach,
  );
  const value = answer.as(JsonObject)["value"];
  if (typeof value === "string" && value !== "") return new Secret(value);
  throw new Problem("identity-token", "GitHub's identity service answered without a token", {
    hint: GITHUB_PERMISSION,
  });
}

function checkAudience(claims: Claims, audience: string, source: IdentitySource): void {
  if (claims.audience.includes(audience)) return;
  const named = claims.audience.join(", ") || "nobody";
  throw new Problem(
    "identity-token",
    `the identity token is for the audience ${named}, not for ${audience}`,
    { hint: source.kind === "github" ? GITHUB_PERMISSION : gitlabIdToken(audience) },
  );
}

function checkExpiry(claims: Claims, now: number): void {
  if (claims.expires * 1000 > now) return;
  const expired = new Date(claims.expires * 1000).toISOString();
  throw new Problem(
    "identity-token",
    `the identity token expired at ${expired}; this machine's clock says ${new Date(now).toISOString()}`,
    { hint: "run the job again for a fresh token; if the clock is wrong, correct it" },
  );
}
