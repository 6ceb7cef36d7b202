import type { Readable } from "node:stream";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import type { Clock, Http, HttpRequest, HttpResponse } from "../../world/world.ts";
import { redirected } from "../download.ts";
import { retryAfter } from "../pauses.ts";
import { Fleeting, Patience } from "./patience.ts";
import { type Token, tokenHeader } from "./token.ts";

/** One request to the project's part of the API. */
export interface GitLabRequest {
  /** For people, e.g. `reading the release v1.2.3`. */
  readonly doing: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Relative to `/projects/:id`, with its query. */
  readonly path: string;
  readonly json?: unknown;
  readonly body?: { readonly length: number; readonly open: () => Readable };
  readonly signal?: AbortSignal | undefined;
}

export interface GitLabAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export interface ApiOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly token: Token;
  /** e.g. `https://example.com/gitlab/api/v4`; an instance may live under a relative URL. */
  readonly apiUrl: string;
  /** The project's number or path. */
  readonly project: string;
}

/** GitLab's REST API of one project. The token goes to the API's own origin and nowhere else. */
export class Api {
  readonly patience: Patience;
  readonly tokenKind: Token["kind"];
  readonly #options: ApiOptions;
  /** Without a slash at the end. */
  readonly projectUrl: string;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.patience = new Patience(options.clock, options.random);
    this.tokenKind = options.token.kind;
    const root = options.apiUrl.replace(/\/+$/, "");
    this.projectUrl = `${root}/projects/${encodeURIComponent(options.project)}`;
  }

  /** For calls that may be repeated: any answer but a fleeting one, which is waited out. */
  call(call: GitLabRequest): Promise<GitLabAnswer> {
    return this.patience.wait(call.doing, () => this.once(call), call.signal);
  }

  /** A single try. Throws `Fleeting` when no answer came or a later one may be better. */
  async once(call: GitLabRequest): Promise<GitLabAnswer> {
    return await this.#answer(call, await this.#send(call, `${this.projectUrl}${call.path}`));
  }

  async #answer(call: GitLabRequest, response: HttpResponse): Promise<GitLabAnswer> {
    const said = await answered(call, () => response.text());
    // A server that repeats the token is not quoted with it.
    const text = said.replaceAll(this.#options.token.secret.reveal(), "***");
    this.#throwFleeting(call, response);
    return {
      status: response.status,
      headers: response.headers,
      json: parse(call, response, text),
    };
  }

  /** All pages of a list; GitLab leaves the page headers out of very long ones, so a full page asks for more. */
  async *pages(call: GitLabRequest): AsyncGenerator<GitLabAnswer> {
    const join = call.path.includes("?") ? "&" : "?";
    for (let page = 1; ; page++) {
      const path = `${call.path}${join}per_page=${PER_PAGE}&page=${page}`;
      const answer = await this.call({ ...call, path });
      yield answer;
      if (!Array.isArray(answer.json) || answer.json.length === 0) return;
      const next = answer.headers["x-next-page"];
      if (next === undefined ? answer.json.length < PER_PAGE : next === "") return;
    }
  }

  /** The first answer to a GET: a file is not read and a redirect to its storage not followed. */
  peek(call: GitLabRequest): Promise<GitLabAnswer> {
    const peek = async (): Promise<GitLabAnswer> => {
      const url = `${this.projectUrl}${call.path}`;
      const response = await answered(call, () =>
        this.#options.http(this.#request(call, url, true)),
      );
      if (response.status >= 400) return await this.#answer(call, response);
      discard(response.body);
      return { status: response.status, headers: response.headers, json: null };
    };
    return this.patience.wait(call.doing, peek, call.signal);
  }

  /**
   * Reads a file, wherever the redirects lead; the token is left behind at the first foreign origin. Undefined
   * when it is not there.
   */
  download<T>(call: GitLabRequest, read: (bytes: Readable) => Promise<T>): Promise<T | undefined> {
    return this.patience.wait(
      call.doing,
      async () => {
        const response = await this.#send(call, `${this.projectUrl}${call.path}`, "anywhere");
        this.#throwFleeting(call, response);
        if (response.status === 200) return await answered(call, () => read(response.body));
        discard(response.body);
        if (response.status === 404) return undefined;
        throw new Problem("gitlab-download", `${call.doing} was answered with ${response.status}`);
      },
      call.signal,
    );
  }

  async #send(
    call: GitLabRequest,
    url: string,
    where: "home" | "anywhere" = "home",
  ): Promise<HttpResponse> {
    let trusted = true;
    for (let hops = 0; hops <= MOST_HOPS; hops++) {
      const response = await answered(call, () =>
        this.#options.http(this.#request(call, url, trusted)),
      );
      const location = response.headers["location"];
      if (!REDIRECTS.has(response.status) || location === undefined) return response;
      discard(response.body);
      const target = redirected(new URL(url), location);
      // A project that was moved redirects who reads it, and refuses who writes.
      if (where === "home") throw moved(call, target);
      trusted &&= target.origin === new URL(this.projectUrl).origin;
      url = target.href;
    }
    throw new Problem("gitlab-moved", `${call.doing} was redirected more than ${MOST_HOPS} times`);
  }

  #request(call: GitLabRequest, url: string, trusted: boolean): HttpRequest {
    const headers = {
      accept: "application/json",
      "user-agent": "go-release",
      ...(call.json === undefined ? {} : { "content-type": "application/json" }),
      // Another type could make GitLab read the bytes as a form.
      ...(call.body === undefined ? {} : { "content-type": "application/octet-stream" }),
      ...(trusted ? tokenHeader(this.#options.token) : {}),
    };
    const body = call.body ?? (call.json === undefined ? undefined : JSON.stringify(call.json));
    return defined({
      method: call.method,
      url,
      headers,
      body,
      signal: call.signal,
      // A big file is hashed and moved before it is acknowledged.
      ...(call.body === undefined ? {} : { timeout: 300_000 }),
    });
  }

  #throwFleeting(call: GitLabRequest, { status, headers, body }: HttpResponse): void {
    if (status === 429 || FLEETING.has(status)) discard(body);
    if (status === 429) {
      const wait = retryAfter(headers["retry-after"], this.#options.clock.now()) ?? WINDOW;
      if (wait > LONGEST_WAIT) throw limited(call, wait);
      throw new Fleeting("429, too many requests", { wait });
    }
    if (FLEETING.has(status)) throw new Fleeting(`the server answered ${status}`);
  }
}

const PER_PAGE = 100;
const MOST_HOPS = 5;
/** GitLab's own window for rate limits, in milliseconds. */
const WINDOW = 60_000;
/** Ten minutes, in milliseconds. */
const LONGEST_WAIT = 600_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const FLEETING = new Set([408, 425, 500, 502, 503, 504]);

async function answered<T>(call: GitLabRequest, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (cause instanceof Problem) throw cause;
    throw new Fleeting("no answer came", { cause });
  }
}

/** A body that is destroyed before its end says so as an error, which nobody needs to hear. */
function discard(body: Readable): void {
  body.on("error", () => {}).destroy();
}

function parse(call: GitLabRequest, { status, headers }: HttpResponse, text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (headers["content-type"]?.includes("json"))
      throw new Fleeting("the answer was cut short", { cause });
    if (status >= 400)
      return {
        message: text
          .replaceAll(/<[^>]*>|\s+/g, " ")
          .trim()
          .slice(0, 200),
      };
    throw new Problem(
      "gitlab-not-json",
      `${call.doing} was answered with something other than JSON`,
      {
        hint: "check the API's URL: it ends in /api/v4 and is not a login page or a proxy",
      },
    );
  }
}

function moved(call: GitLabRequest, target: URL): Problem {
  return new Problem(
    "gitlab-moved",
    `${call.doing} was redirected to ${target.origin}${target.pathname}, where the token does not follow`,
    {
      hint: "name the project and the instance by their present address (`repository`, `api-url`)",
    },
  );
}

function limited(call: GitLabRequest, wait: number): Problem {
  return new Problem(
    "gitlab-rate",
    `${call.doing}: GitLab's rate limit lifts in ${Math.ceil(wait / 60_000)} minutes`,
    {
      hint: "run the job again then: what is there already is kept and nothing is visible yet",
    },
  );
}
