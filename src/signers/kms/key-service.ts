import type { KeyObject } from "node:crypto";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { IdentitySource } from "../../model/surroundings.ts";
import type { Reach } from "../../net/exchange.ts";
import { githubToken } from "../sigstore/identity-token.ts";
import { GITHUB_PERMISSION } from "../sigstore/permissions.ts";

/** A service that holds one key. */
export interface KeyService {
  /** Leaves no trace but in the service's own log. Throws a `Problem`. */
  publicKey(signal?: AbortSignal): Promise<KeyObject>;
  /** Of a sha256: DER for ECDSA, PKCS#1 v1.5 for RSA. Throws a `Problem`. */
  sign(digest: Buffer, signal?: AbortSignal): Promise<Buffer>;
}

/** What gives access to such a service; all of it is the caller's. */
export interface KeyServiceAccess {
  /** Where the service is and who asks, by the names of the service's own tools, e.g. `VAULT_ADDR`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly identity: IdentitySource | undefined;
  /** Whom identity tokens are for, where that is not the service's usual audience. */
  readonly audience: string | undefined;
  /** Told of every secret before it is used. */
  readonly hide: (secret: Secret) => void;
}

/** Which is set and not blank. */
export function variableIn({ env }: KeyServiceAccess, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? undefined : value;
}

/** The same of the first that is set. Throws a `Problem`. */
export function neededVariable(
  access: KeyServiceAccess,
  service: string,
  ...names: readonly string[]
): string {
  for (const name of names) {
    const value = variableIn(access, name);
    if (value !== undefined) return value;
  }
  const [first = "", ...others] = names;
  const or = others.length === 0 ? "" : ` (or ${others.join(", ")})`;
  throw new Problem("sign-key", `the key is in ${service}, and ${first} is not set`, {
    hint: `set ${first}${or} in the environment of this program`,
  });
}

/** A URL that secrets may be sent to. Throws a `Problem`. */
export function secureUrl(name: string, given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(url?.hostname ?? "");
  const isPlain = url?.username === "" && url.password === "" && url.search === "";
  if (isPlain && (url.protocol === "https:" || (url.protocol === "http:" && isHere)))
    return given.replace(/\/+$/u, "");
  throw new Problem("sign-key", `${name} is not an https URL without credentials`, {
    hint: `set ${name} to the service's address, e.g. https://vault.example.com`,
  });
}

/** The identity token of this run for a service. Throws a `Problem` with the lines to add. */
export async function serviceToken(
  { service, audience, instead }: ServiceTokenRequest,
  { identity, hide, ...access }: KeyServiceAccess,
  reach: Reach,
  signal?: AbortSignal,
): Promise<Secret> {
  const asked = access.audience ?? audience;
  if (identity === undefined) {
    throw new Problem(
      "sign-key",
      `the key is in ${service}, and this run has no identity token for it`,
      {
        hint: `${instead}; or on GitHub ${GITHUB_PERMISSION}\nor on GitLab add to the job in .gitlab-ci.yml:\nid_tokens:\n  KMS_ID_TOKEN:\n    aud: ${asked}`,
      },
    );
  }
  const token =
    identity.kind === "github" ? await githubToken(identity, asked, reach, signal) : identity.token;
  hide(token);
  return token;
}

interface ServiceTokenRequest {
  /** For people. */
  readonly service: string;
  /** What it expects of tokens by default. */
  readonly audience: string;
  /** What else would give access, beginning a hint. */
  readonly instead: string;
}

/** A key that this service holds and that signs no release. */
export function unusableKey(service: string, what: string, hint: string): Problem {
  return new Problem("sign-key", `${service} cannot sign releases with this key: ${what}`, {
    hint,
  });
}
