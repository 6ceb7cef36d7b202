import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod/mini";
import { Secret } from "../../model/secret.ts";
import type { Reach } from "../../net/exchange.ts";
import { callService, nonsense, type Service } from "../sigstore/service.ts";
import {
  type KeyService,
  type KeyServiceAccess,
  neededVariable,
  secureUrl,
  serviceToken,
  unusableKey,
  variableIn,
} from "./key-service.ts";
import { type Lease, leased } from "./lease.ts";
import type { KeyReference } from "./reference.ts";

/** What the two call themselves, and what their variables begin with. */
const flavours = {
  hashivault: { name: "Vault", prefix: "VAULT" },
  openbao: { name: "OpenBao", prefix: "BAO" },
} as const;

const Login = z.object({
  auth: z.object({ client_token: z.string(), lease_duration: z.optional(z.number()) }),
});
const TransitKey = z.object({
  data: z.object({
    type: z.string(),
    latest_version: z.number(),
    keys: z.record(z.string(), z.looseObject({ public_key: z.optional(z.string()) })),
  }),
});
const Signature = z.object({ data: z.object({ signature: z.string() }) });

const TYPES = /^(?:ecdsa-p(?:256|384|521)|rsa-(?:2048|3072|4096))$/u;

type VaultReference = Extract<KeyReference, { service: keyof typeof flavours }>;

/** A key of the secrets engine `transit` of HashiCorp Vault or OpenBao (their HTTP API, /v1/transit). */
export function vaultKey(
  { service, name }: VaultReference,
  access: KeyServiceAccess,
  reach: Reach,
): KeyService {
  const { name: called, prefix } = flavours[service];
  const address = secureUrl(`${prefix}_ADDR`, neededVariable(access, called, `${prefix}_ADDR`));
  const engine = variableIn(access, "TRANSIT_SECRET_ENGINE_PATH") ?? "transit";
  const vault = new Vault({ called, prefix, address }, access, reach);
  let version: number | undefined;
  return {
    publicKey: async (signal) => {
      const at = `${engine}/keys/${name}`;
      const { data } = (await vault.ask("GET", at, undefined, signal)).as(TransitKey);
      if (!TYPES.test(data.type))
        throw unusableKey(called, `it is of type ${data.type}`, "use one of type ecdsa-p256");
      const { public_key: pem } = data.keys[String(data.latest_version)] ?? {};
      version = data.latest_version;
      return readPublic(pem, vault.at(at));
    },
    sign: async (digest, signal) => {
      const at = `${engine}/sign/${name}/sha2-256`;
      const body = {
        input: digest.toString("base64"),
        prehashed: true,
        marshaling_algorithm: "asn1",
        signature_algorithm: "pkcs1v15",
        ...(version === undefined ? {} : { key_version: version }),
      };
      const { data } = (await vault.ask("POST", at, body, signal)).as(Signature);
      const [, signature] = /^vault:v\d+:(.+)$/u.exec(data.signature) ?? [];
      if (signature === undefined) throw nonsense(vault.at(at), "JSON without a signature");
      return Buffer.from(signature, "base64");
    },
  };
}

function readPublic(pem: string | undefined, service: Service): KeyObject {
  try {
    return createPublicKey(pem ?? "");
  } catch {
    throw nonsense(service, "JSON without a public key");
  }
}

interface VaultOptions {
  readonly called: string;
  readonly prefix: string;
  readonly address: string;
}

class Vault {
  readonly #options: VaultOptions;
  readonly #access: KeyServiceAccess;
  readonly #reach: Reach;
  readonly #token: (signal?: AbortSignal) => Promise<Secret>;

  constructor(options: VaultOptions, access: KeyServiceAccess, reach: Reach) {
    this.#options = options;
    this.#access = access;
    this.#reach = reach;
    this.#token = leased((signal) => this.#login(signal), reach.clock);
  }

  at(path: string): Service {
    const { called, address } = this.#options;
    return { name: called, url: `${address}/v1/${path}`, timeout: 30_000 };
  }

  async ask(method: "GET" | "POST", path: string, body: unknown, signal?: AbortSignal) {
    const token = await this.#token(signal);
    const refused = `its policy has to allow reading ${keyPath(path)} and updating ${signPath(path)}`;
    return await callService(
      this.at(path),
      {
        method,
        headers: { ...this.#headers(), "x-vault-token": token.reveal() },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        secrets: [token],
        hints: { 403: refused, 404: `no such key or secrets engine: ${path}` },
        signal,
      },
      this.#reach,
    );
  }

  /** The caller's own token, or one for this run's identity (auth method `jwt`). */
  async #login(signal?: AbortSignal): Promise<Lease<Secret>> {
    const { called, prefix, address } = this.#options;
    const given = variableIn(this.#access, `${prefix}_TOKEN`);
    if (given !== undefined) {
      const token = new Secret(given);
      this.#access.hide(token);
      return { value: token };
    }
    const jwt = await serviceToken(
      { service: called, audience: address, instead: `set ${prefix}_TOKEN` },
      this.#access,
      this.#reach,
      signal,
    );
    const role = variableIn(this.#access, `${prefix}_AUTH_ROLE`);
    const path = `auth/${variableIn(this.#access, `${prefix}_AUTH_PATH`) ?? "jwt"}/login`;
    const refused = `see that ${prefix}_AUTH_ROLE (${role ?? "not set: the default role"}) is a role of the auth method, bound to this run's claims and to the audience ${this.#access.audience ?? address}`;
    const now = this.#reach.clock.now();
    const answer = await callService(
      this.at(path),
      {
        method: "POST",
        headers: this.#headers(),
        body: JSON.stringify({ jwt: jwt.reveal(), ...(role === undefined ? {} : { role }) }),
        secrets: [jwt],
        hints: { 400: refused, 403: refused, 404: refused },
        signal,
      },
      this.#reach,
    );
    const { client_token: token, lease_duration: seconds = 0 } = answer.as(Login).auth;
    const value = new Secret(token);
    this.#access.hide(value);
    return { value, ...(seconds > 0 ? { until: now + seconds * 1000 } : {}) };
  }

  #headers(): Record<string, string> {
    const namespace = variableIn(this.#access, `${this.#options.prefix}_NAMESPACE`);
    return {
      "content-type": "application/json",
      accept: "application/json",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
    };
  }
}

function keyPath(path: string): string {
  return path.replace("/sign/", "/keys/").replace(/\/sha2-256$/u, "");
}

function signPath(path: string): string {
  return keyPath(path).replace("/keys/", "/sign/").concat("/sha2-256");
}
