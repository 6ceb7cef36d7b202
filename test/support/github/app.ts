import { generateKeyPairSync, verify } from "node:crypto";
import type { Answer, Call, Route } from "../fake-server.ts";
import { user } from "./shapes.ts";
import type { FakeTap } from "./tap.ts";

interface Claims {
  readonly iat: number;
  readonly exp: number;
  readonly iss: string;
}

const denied = (status: number, message: string): Answer => ({
  status,
  json: { message, documentation_url: "https://docs.github.com/rest/apps" },
});
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** A GitHub App that is installed for some repositories (docs.github.com, "Authenticating as a GitHub App"). */
export class FakeApp {
  readonly id = "123456";
  readonly privateKey = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  readonly settings = { pullRequests: true, suspended: false };
  /** The repositories that it is installed on. */
  readonly installed = new Set<string>();
  /** Those that were given out and not taken back. */
  readonly tokens = new Map<string, FakeTap>();
  /** What each token was asked for. */
  readonly asked: { readonly repositories: string[]; readonly permissions: object }[] = [];
  readonly #taps: readonly FakeTap[];
  readonly #now: () => number;

  constructor(taps: readonly FakeTap[], now: () => number) {
    this.#taps = taps;
    this.#now = now;
  }

  routes(): Route[] {
    const route = (method: string, pattern: RegExp, handle: (call: Call) => Answer): Route => ({
      method,
      pattern,
      handle: (call) => this.#refuse(call) ?? handle(call),
    });
    return [
      route("GET", /^\/repos\/([^/]+\/[^/]+)\/installation$/u, ({ parts: [name = ""], url }) =>
        this.installed.has(name)
          ? { status: 200, json: this.#shape(url.origin) }
          : denied(404, "Not Found"),
      ),
      route("POST", /^\/app\/installations\/77\/access_tokens$/u, (call) => this.#make(call)),
      {
        method: "DELETE",
        pattern: /^\/installation\/token$/u,
        handle: ({ headers }) => this.#revoke(bearer(headers.authorization)),
      },
    ];
  }

  /** An installation on some repositories of an owner. */
  #shape(origin: string): unknown {
    const at = "2026-03-01T10:00:00Z";
    const suspended = this.settings.suspended;
    return {
      ...{ id: 77, app_id: Number(this.id), app_slug: "releases", account: user(origin) },
      ...{ target_id: 1, target_type: "Organization", repository_selection: "selected" },
      access_tokens_url: `${origin}/app/installations/77/access_tokens`,
      repositories_url: `${origin}/installation/repositories`,
      html_url: `${origin}/organizations/octo/settings/installations/77`,
      permissions: { contents: "write", metadata: "read" },
      ...{ events: [], created_at: at, updated_at: at, single_file_name: null },
      suspended_by: suspended ? user(origin) : null,
      suspended_at: suspended ? at : null,
    };
  }

  #make({ body }: Call): Answer {
    const asked = JSON.parse(body.toString("utf8")) as (typeof this.asked)[number];
    const { repositories, permissions } = asked;
    if (this.settings.suspended) return denied(403, "This installation has been suspended");
    if ("pull_requests" in permissions && !this.settings.pullRequests)
      return denied(422, "The permissions requested are not granted to this installation.");
    const tap = this.#taps.find(({ repository }) => repository === `octo/${repositories[0]}`);
    if (tap === undefined) return denied(422, "There is at least one repository that is not there");
    this.asked.push(asked);
    const token = `ghs_installation_token_${this.asked.length}`;
    this.tokens.set(token, tap);
    tap.tokens.add(token);
    const selected = { repository_selection: "selected", permissions };
    return { status: 201, json: { token, expires_at: "2026-03-01T11:00:00Z", ...selected } };
  }

  #revoke(token: string): Answer {
    this.tokens.get(token)?.tokens.delete(token);
    return this.tokens.delete(token) ? { status: 204 } : denied(401, "Bad credentials");
  }

  /** A token that the app signed itself, for ten minutes at most. */
  #refuse({ headers }: Call): Answer | undefined {
    const [head = "", payload = "", signature = ""] = bearer(headers.authorization).split(".");
    const bytes = Buffer.from(signature, "base64url");
    if (!verify("RSA-SHA256", Buffer.from(`${head}.${payload}`), publicKey, bytes))
      return denied(401, "A JSON web token could not be decoded");
    const { iat, exp, iss } = JSON.parse(
      Buffer.from(payload, "base64url").toString("utf8"),
    ) as Claims;
    const now = this.#now() / 1000;
    if (iss !== this.id) return denied(404, "Integration not found");
    return iat > now || exp < now || exp - now > 600
      ? denied(401, "'Expiration time' claim ('exp') is too far in the future")
      : undefined;
  }
}

function bearer(authorization = ""): string {
  return authorization.replace(/^bearer /iu, "");
}
