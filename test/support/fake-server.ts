import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Description } from "./description.ts";
import { type Fault, type FaultPlan, noFaults } from "./faults.ts";

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** What the route's pattern captured, decoded. */
  readonly parts: readonly string[];
  /** The fault that strikes this request, for those that the fake itself acts out. */
  readonly fault: Fault | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, and validated. */
  readonly json?: unknown;
  readonly body?: Buffer;
}

export interface Route {
  readonly method: string;
  /** Matched against the still encoded path. */
  readonly pattern: RegExp;
  readonly handle: (call: Call) => Answer;
}

type Needs = "read" | "write";

/** Makes routes below `root`; `refuse` answers where the token may not do what a route needs. */
export function guardedRoutes(
  root: string,
  refuse: (call: Call, needs: Needs) => Answer | undefined,
): (method: string, path: string, handle: Route["handle"], needs?: Needs) => Route {
  return (method, path, handle, needs = "read") => ({
    method,
    pattern: new RegExp(`^${root}${path}$`),
    handle: (call) => refuse(call, needs) ?? handle(call),
  });
}

export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** What was answered; null when the connection was cut. */
  readonly status: number | null;
  readonly fault: Fault | undefined;
}

/** What a forge says when it refuses; the texts differ, the statuses do not. */
export interface Refusals {
  readonly unauthorized: Answer;
  readonly forbidden: Answer;
  readonly tooMany: Answer;
  /** A function where the answer tells the time. */
  readonly rateLimited: Answer | (() => Answer);
}

/**
 * A forge's API on the loopback interface: routes over state, every request and answer checked against
 * the official description, and faults on demand. `violations` must be empty at the end of a test.
 */
export class FakeServer {
  faults: FaultPlan = noFaults;
  readonly log: Logged[] = [];
  readonly violations: string[] = [];
  /** Called after each request that may have changed the state. */
  changed: () => void = () => {};
  readonly #server: Server;
  readonly #description: Description;
  readonly #routes: readonly Route[];
  readonly #refusals: Refusals;

  constructor(description: Description, refusals: Refusals, routes: readonly Route[]) {
    this.#description = description;
    this.#refusals = refusals;
    this.#routes = routes;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    // A proxy's client sends the whole URL.
    const url = new URL(request.url ?? "/", this.origin);
    const fault = this.faults(method, url.pathname);
    const note = (status: number | null) =>
      this.log.push({ method, path: url.pathname, headers: request.headers, status, fault });
    const { socket } = request;
    const cut = () => {
      note(null);
      socket.destroy();
    };
    if (fault === "reset-before") return cut();
    const body = await readBody(request, fault === "reset-mid-body");
    if (body === undefined) return cut();
    const refusal = fault === "echo" ? echoed(request.headers) : this.#refuse(fault);
    const answer = refusal ?? this.#handle(method, url, request.headers, body, fault);
    if (refusal === undefined) this.changed();
    if (fault === "lost-answer") return cut();
    if (fault === "held") return void note(null);
    if (fault === "502-after") return this.#send(response, badGateway, note);
    if (fault === "slow") await new Promise((later) => setTimeout(later, 15));
    if (fault === "malformed" && answer.json !== undefined)
      return this.#send(response, { ...answer, json: undefined, body: half(answer.json) }, note);
    this.#send(response, answer, note);
  }

  #refuse(fault: Fault | undefined): Answer | undefined {
    const { rateLimited } = this.#refusals;
    if (fault === "502-before") return badGateway;
    if (fault === "401") return this.#refusals.unauthorized;
    if (fault === "403") return this.#refusals.forbidden;
    if (fault === "429") return this.#refusals.tooMany;
    if (fault === "403-rate")
      return typeof rateLimited === "function" ? rateLimited() : rateLimited;
    return undefined;
  }

  #handle(
    method: string,
    url: URL,
    headers: IncomingMessage["headers"],
    body: Buffer,
    fault: Fault | undefined,
  ): Answer {
    const route = this.#routes.find(
      (one) => one.method === method && one.pattern.test(url.pathname),
    );
    if (route === undefined) {
      this.violations.push(`no such route: ${method} ${url.pathname}`);
      return { status: 404, json: { message: "Not Found" } };
    }
    const parts = (route.pattern.exec(url.pathname) ?? [])
      .slice(1)
      .map((part) => decodeURIComponent(part ?? ""));
    this.violations.push(
      ...(this.#description.request(method, url, headers["content-type"] ?? "", body) ?? []),
    );
    const answer = route.handle({ method, url, headers, body, parts, fault });
    this.violations.push(...this.#description.response(method, url, answer.status, answer.json));
    return answer;
  }

  #send(response: ServerResponse, answer: Answer, note: (status: number) => void): void {
    note(answer.status);
    const json = answer.json === undefined ? undefined : Buffer.from(JSON.stringify(answer.json));
    const body = answer.body ?? json;
    response.writeHead(answer.status, {
      ...(answer.json === undefined && answer.body === undefined
        ? {}
        : { "content-type": "application/json; charset=utf-8" }),
      ...(body === undefined ? {} : { "content-length": String(body.length) }),
      ...answer.headers,
    });
    response.end(body);
  }
}

const badGateway: Answer = { status: 502, json: { message: "Server Error" } };

function echoed(headers: IncomingMessage["headers"]): Answer {
  return {
    status: 403,
    json: { message: `not with ${String(headers.authorization ?? headers["private-token"])}` },
  };
}

function half(json: unknown): Buffer {
  const whole = Buffer.from(JSON.stringify(json));
  return whole.subarray(0, Math.floor(whole.length / 2));
}

/** Undefined when the client went away or the fault cuts the line in the middle. */
async function readBody(
  request: IncomingMessage,
  cutInTheMiddle: boolean,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  const length = Number(request.headers["content-length"] ?? 0);
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (cutInTheMiddle && size >= length / 2) return undefined;
    }
  } catch {
    return undefined;
  }
  return cutInTheMiddle ? undefined : Buffer.concat(chunks);
}
