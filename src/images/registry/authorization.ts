import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import { Secret } from "../../model/secret.ts";
import { type Answer, type Exchange, exchange, type Reach } from "../../net/exchange.ts";
import type { Server } from "../../net/server.ts";
import { isOwnRealm } from "./addresses.ts";
import { type Challenge, readChallenge } from "./challenge.ts";
import { basic, type RegistryCredentials } from "./credentials.ts";

const Token = z.object({
  token: z.optional(z.string()),
  access_token: z.optional(z.string()),
});

export interface AuthorizationOptions {
  readonly server: Server;
  /** Of the registry. */
  readonly origin: string;
  readonly credentials: RegistryCredentials | undefined;
  /** What is to be done, e.g. `repository:owner/name:pull,push`. */
  readonly scopes: readonly string[];
  /** Origins that may give out tokens for any registry, as the caller or the host says. */
  readonly trusted: readonly string[];
  /** Those of the server, to which every token is added. */
  readonly secrets: Secret[];
}

/** The header that a registry wants to see, found out by what it answers (distribution's token specification). */
export class Authorization {
  readonly #options: AuthorizationOptions;
  readonly #reach: Reach;
  #header: string | undefined;

  constructor(options: AuthorizationOptions, reach: Reach) {
    this.#options = options;
    this.#reach = reach;
    if (options.credentials !== undefined) this.#hide(options.credentials.password.reveal());
  }

  /** For the registry's own origin alone. */
  headersFor(url: string): Readonly<Record<string, string>> {
    const isOwn = new URL(url).origin === this.#options.origin;
    return isOwn && this.#header !== undefined ? { authorization: this.#header } : {};
  }

  /** Whether there is more to be shown than before. Throws a `Problem` where the token's server refuses. */
  async answers(refusal: Pick<Answer, "headers">, signal?: AbortSignal): Promise<boolean> {
    const challenge = readChallenge(refusal.headers["www-authenticate"]);
    const { credentials } = this.#options;
    if (challenge === undefined || (challenge.kind === "basic" && credentials === undefined))
      return false;
    const before = this.#header;
    this.#header =
      challenge.kind === "basic" && credentials !== undefined
        ? basic(credentials)
        : await this.#bearer(challenge, signal);
    return this.#header !== before;
  }

  async #bearer(challenge: Challenge, signal?: AbortSignal): Promise<string | undefined> {
    if (challenge.kind !== "bearer") return undefined;
    const realm = new URL(challenge.realm);
    const { credentials, server, origin, trusted } = this.#options;
    if (credentials !== undefined && !isOwnRealm(realm, new URL(origin), trusted))
      throw strangeRealm(realm, server, credentials);
    const request = defined({
      server,
      doing: "asking for a token",
      signal,
      ...tokenRequest(realm, challenge.service, this.#options.scopes, credentials),
    });
    const answer = await exchange(request, this.#reach);
    if (answer.status >= 300) return undefined;
    const { token, access_token = token } = answer.as(Token);
    if (access_token === undefined || access_token === "") return undefined;
    this.#hide(access_token);
    return `Bearer ${access_token}`;
  }

  #hide(secret: string): void {
    this.#options.secrets.push(new Secret(secret));
  }
}

/** RFC 6749's form where the password is a token that gets others, else what every registry understands. */
function tokenRequest(
  realm: URL,
  service: string | undefined,
  scopes: readonly string[],
  credentials: RegistryCredentials | undefined,
): Pick<Exchange, "method" | "url" | "headers" | "body"> {
  const query = new URLSearchParams(realm.search);
  if (service !== undefined) query.set("service", service);
  if (credentials?.refreshes === true) {
    query.set("grant_type", "refresh_token");
    query.set("client_id", "go-release");
    query.set("scope", scopes.join(" "));
    query.set("refresh_token", credentials.password.reveal());
    const headers = { ...PLAIN, "content-type": "application/x-www-form-urlencoded" };
    return { method: "POST", url: bare(realm), headers, body: query.toString() };
  }
  for (const scope of scopes) query.append("scope", scope);
  const headers =
    credentials === undefined ? PLAIN : { ...PLAIN, authorization: basic(credentials) };
  return { method: "GET", url: `${bare(realm)}?${query.toString()}`, headers };
}

function bare({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

const PLAIN = { "user-agent": "go-release", accept: "application/json" };

function strangeRealm(realm: URL, { name }: Server, { origin }: RegistryCredentials): Problem {
  return new Problem(
    "registry-realm",
    `${name} wants its password sent to ${realm.origin}, which is not of its own domain`,
    {
      hint: `if that server is right, it must be the forge's own or of the registry's domain; the password (${origin}) was not sent`,
    },
  );
}
