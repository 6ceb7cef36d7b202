import type { Readable } from "node:stream";
import { defined } from "../../model/defined.ts";
import type { Secret } from "../../model/secret.ts";
import { type Answer, type Exchange, exchange, type Reach } from "../../net/exchange.ts";
import { locationOf } from "../../net/follow.ts";
import { PATIENT, type Retry, retry } from "../../net/retry.ts";
import { oddAnswer, type Server } from "../../net/server.ts";
import { formatRepository, type ImageRepository } from "../reference.ts";
import { nameAt, originOfHost } from "./addresses.ts";
import { Authorization } from "./authorization.ts";
import type { RegistryCredentials } from "./credentials.ts";
import { refusal } from "./errors.ts";

export interface RegistryOptions extends Reach {
  readonly repository: ImageRepository;
  readonly credentials: RegistryCredentials | undefined;
  /** Origins that may give out tokens, as the caller or the host says. */
  readonly trusted: readonly string[];
  /** Whether it is only read. */
  readonly readOnly?: boolean;
  /** Names of other repositories of the same registry, from which blobs may be taken over. */
  readonly siblings?: readonly string[];
}

/** One request to one repository. */
export interface RegistryRequest {
  /** For people, e.g. `pushing a layer`. */
  readonly doing: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/v2/NAME/`, or a whole URL that the registry named. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | { readonly length: number; readonly open: () => Readable };
  /** Statuses besides 2xx that are no refusals. */
  readonly accept?: readonly number[];
  /** The tag that is written. */
  readonly tag?: string;
  readonly signal?: AbortSignal | undefined;
}

/** One repository of one registry (OCI distribution specification 1.1). Its password goes nowhere else. */
export class Registry {
  readonly repository: ImageRepository;
  readonly origin: string;
  /** Repeats what may be repeated. */
  readonly again: Retry;
  readonly reach: Reach;
  readonly server: Server;
  readonly #name: string;
  readonly #authorization: Authorization;
  readonly #credentials: RegistryCredentials | undefined;
  readonly #readOnly: boolean;

  constructor(options: RegistryOptions) {
    const { repository, credentials, trusted, readOnly = false, siblings = [], ...reach } = options;
    const { host, name } = repository;
    this.repository = repository;
    this.reach = reach;
    this.origin = originOfHost(host);
    this.again = retry(PATIENT, reach);
    this.#name = nameAt(host, name);
    this.#credentials = credentials;
    this.#readOnly = readOnly;
    const secrets: Secret[] = [];
    this.server = {
      name: host,
      code: "registry-unreachable",
      again:
        "run it again: what is there already is kept, and no tag names it before the release is visible",
      secrets,
    };
    const actions = readOnly ? "pull" : "pull,push";
    const scopes = [
      `repository:${this.#name}:${actions}`,
      ...siblings.map((sibling) => `repository:${nameAt(host, sibling)}:pull`),
    ];
    const { origin, server } = this;
    const asking = { server, origin, credentials, scopes, trusted, secrets };
    this.#authorization = new Authorization(asking, reach);
  }

  /** For calls that may be repeated. Throws a `Problem` for what is refused. */
  call(call: RegistryRequest): Promise<Answer> {
    return this.again(() => this.once(call), call.signal);
  }

  /** A single try, which logs in where the registry asks for it. */
  async once(call: RegistryRequest): Promise<Answer> {
    const answer = await exchange(this.request(call), this.reach);
    if (answer.status !== 401 || !(await this.#authorization.answers(answer, call.signal)))
      return this.#accepted(call, answer);
    return this.#accepted(call, await exchange(this.request(call), this.reach));
  }

  request({ doing, method, path, headers, body, signal }: RegistryRequest): Exchange {
    const url = path.startsWith("http") ? path : `${this.origin}/v2/${this.#name}/${path}`;
    return defined({
      server: this.server,
      doing,
      method,
      url,
      headers: { "user-agent": "go-release", ...headers, ...this.#authorization.headersFor(url) },
      body,
      signal,
      // A big layer is hashed and moved before it is acknowledged.
      timeout: body === undefined ? undefined : 300_000,
    });
  }

  /** What the registry shows to whoever may follow a redirect away from it. */
  get credentialHeaders(): Readonly<Record<string, string>> {
    return this.#authorization.headersFor(this.origin);
  }

  /** Where an upload goes on. Throws a `Problem` where the registry does not say so. */
  locationIn(answer: Answer, call: RegistryRequest): string {
    const asked = this.request(call);
    const location = locationOf(answer);
    if (location === undefined || !URL.canParse(location, asked.url))
      throw oddAnswer(asked, "no address for the upload");
    const url = new URL(location, asked.url);
    const own = new URL(this.origin);
    // Behind a proxy that speaks TLS for them, registries often do not know how they are reached.
    if (own.protocol === "https:" && url.protocol === "http:") {
      if (url.hostname !== own.hostname) throw oddAnswer(asked, "an address without TLS");
      url.protocol = "https:";
      url.port = own.port;
    }
    return url.href;
  }

  get title(): string {
    return formatRepository(this.repository);
  }

  #accepted(call: RegistryRequest, answer: Answer): Answer {
    const { status } = answer;
    if ((status >= 200 && status < 300) || call.accept?.includes(status) === true) return answer;
    const { host } = this.repository;
    const { doing, tag } = call;
    const [credentials, readOnly] = [this.#credentials, this.#readOnly];
    throw refusal({ doing, host, name: this.#name, credentials, readOnly, tag }, answer);
  }
}
