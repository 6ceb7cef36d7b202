import type { Readable } from "node:stream";
import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { type Bounds, discard, orTooLarge } from "../../net/body.ts";
import {
  Answer,
  begin,
  type Exchange,
  exchange,
  type Reach,
  wholeAnswer,
} from "../../net/exchange.ts";
import { fetchIfThere, redirectOf } from "../../net/follow.ts";
import { PATIENT, type Retry, retry } from "../../net/retry.ts";
import { oddAnswer, Passing, type Server } from "../../net/server.ts";
import type { HttpResponse } from "../../world/world.ts";
import { refusal } from "./errors.ts";
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
  /** Whether an answer of another status than 2xx is no refusal. */
  readonly accept?: (answer: Answer) => boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiOptions extends Reach {
  readonly token: Token;
  /** e.g. `https://example.com/gitlab/api/v4`; an instance may live under a relative URL. */
  readonly apiUrl: string;
  /** The project's number or path. */
  readonly project: string;
  /** What to do once it answers again, where it is not asked for a release. */
  readonly advice?: string;
}

export function gitlabServer(token: Secret | undefined, advice = RELEASE_ADVICE): Server {
  return {
    name: "GitLab",
    code: "gitlab-unreachable",
    again: advice,
    secrets: token === undefined ? [] : [token],
  };
}

const RELEASE_ADVICE = "run the job again: uploaded files are kept and nothing is visible yet";

/** GitLab's REST API of one project. The token goes to the API's own origin and nowhere else. */
export class Api {
  readonly reach: Reach;
  /** Repeats what may be repeated. */
  readonly again: Retry;
  readonly tokenKind: Token["kind"];
  /** Without a slash at the end. */
  readonly projectUrl: string;
  readonly #token: Token;
  readonly #server: Server;

  constructor({ token, apiUrl, project, advice, ...reach }: ApiOptions) {
    this.reach = reach;
    this.again = retry(PATIENT, reach);
    this.tokenKind = token.kind;
    this.projectUrl = `${apiUrl.replace(/\/+$/, "")}/projects/${encodeURIComponent(project)}`;
    this.#token = token;
    this.#server = gitlabServer(token.secret, advice);
  }

  /** For calls that may be repeated. Throws a `Problem` for what is refused. */
  call(call: GitLabRequest): Promise<Answer> {
    return this.again(() => this.once(call), call.signal);
  }

  /** A single try. Throws `Passing` when no answer came or a later one may be better. */
  async once(call: GitLabRequest): Promise<Answer> {
    const request = this.#request(call);
    const answer = await exchange(request, this.reach);
    const target = redirectOf(answer, request);
    // A project that was moved redirects who reads it, and refuses who writes.
    if (target !== undefined) throw moved(call, target);
    return this.#accepted(call, answer);
  }

  /**
   * All pages of a list; undefined when what is listed is not there, which the call accepts. GitLab leaves the page
   * headers out of very long ones, so a full page asks for more.
   */
  async list<T extends z.ZodMiniType>(
    call: GitLabRequest,
    shape: T,
  ): Promise<z.output<T>[] | undefined> {
    const all: z.output<T>[] = [];
    const join = call.path.includes("?") ? "&" : "?";
    for (let page = 1; page <= MOST_PAGES; page++) {
      const path = `${call.path}${join}per_page=${PER_PAGE}&page=${page}`;
      const answer = await this.call({ ...call, path });
      if (answer.status >= 300) return undefined;
      const list = answer.as(z.array(shape));
      all.push(...list);
      const next = answer.headers["x-next-page"];
      if (list.length === 0 || (next === undefined ? list.length < PER_PAGE : next === ""))
        return all;
    }
    throw oddAnswer(this.#request(call), "a list that does not end");
  }

  /** The first answer to a GET: a file is not read and a redirect to its storage not followed. */
  peek(call: GitLabRequest): Promise<Answer> {
    const request = this.#request(call);
    return this.again(async () => {
      const response = await begin(request, this.reach);
      if (response.status >= 400)
        return this.#accepted(call, await wholeAnswer(request, response, this.reach));
      discard(response.body);
      return new Answer(request, response, Buffer.alloc(0));
    }, call.signal);
  }

  /** Reads a file, wherever the redirects lead. Undefined when it is not there, or larger than `most` bytes. */
  async download<T>(
    call: GitLabRequest,
    most: number,
    read: (body: Readable, bounds: Bounds) => Promise<T>,
  ): Promise<T | undefined> {
    const { reach } = this;
    const { headers: _, ...request } = this.#request(call);
    const fetching = { ...request, headers: PLAIN, credentials: tokenHeader(this.#token) };
    const bounded = ({ body }: HttpResponse) =>
      orTooLarge(read(body, { most, clock: reach.clock }));
    return await fetchIfThere(fetching, bounded, reach, this.again);
  }

  /** What an answer did not show and a later one may. */
  notYet(call: Pick<GitLabRequest, "doing">, what: string, said = ""): Passing {
    const asked = { server: this.#server, url: this.projectUrl, doing: call.doing };
    return new Passing(asked, { what, said, hint: this.#server.again });
  }

  #accepted(call: GitLabRequest, answer: Answer): Answer {
    const { status } = answer;
    if ((status >= 200 && status < 300) || call.accept?.(answer) === true) return answer;
    throw refusal(call, answer, this.tokenKind);
  }

  #request(call: GitLabRequest): Exchange {
    const headers = {
      ...PLAIN,
      accept: "application/json",
      ...(call.json === undefined ? {} : { "content-type": "application/json" }),
      // Another type could make GitLab read the bytes as a form.
      ...(call.body === undefined ? {} : { "content-type": "application/octet-stream" }),
      ...tokenHeader(this.#token),
    };
    return defined({
      server: this.#server,
      doing: call.doing,
      method: call.method,
      url: `${this.projectUrl}${call.path}`,
      headers,
      body: call.body ?? (call.json === undefined ? undefined : JSON.stringify(call.json)),
      signal: call.signal,
      // A big file is hashed and moved before it is acknowledged.
      timeout: call.body === undefined ? undefined : 300_000,
    });
  }
}

const PER_PAGE = 100;
const MOST_PAGES = 1000;
const PLAIN = { "user-agent": "go-release" };

function moved(call: GitLabRequest, target: URL): Problem {
  return new Problem(
    "gitlab-moved",
    `${call.doing} was redirected to ${target.origin}${target.pathname}, where the token is not sent`,
    {
      hint: "use the current address of the project and the instance (`repository`, `api-url`)",
    },
  );
}
