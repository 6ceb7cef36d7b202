import { Readable } from "node:stream";
import type { Clock, Http, HttpResponse } from "../../src/world/world.ts";

/** One way in which a server is not what it should be. */
export type Oddity = (url: string, clock: Clock) => HttpResponse;

const JSON_TYPE = { "content-type": "application/json" };

function answer(
  status: number,
  body: string | Iterable<unknown> | AsyncIterable<unknown>,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Oddity {
  return () => ({
    status,
    headers,
    body: Readable.from(typeof body === "string" ? [Buffer.from(body)] : body),
  });
}

function* endless(): Generator<Buffer> {
  const more = Buffer.alloc(1 << 20, "1,");
  yield Buffer.from("[");
  for (;;) yield more;
}

/** A byte a minute. */
async function* dripping(clock: Clock): AsyncGenerator<Buffer> {
  for (;;) {
    await clock.sleep(60_000);
    yield Buffer.from(" ");
  }
}

function* breaking(): Generator<Buffer> {
  yield Buffer.from('{"a":');
  throw Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
}

function failing(message: string, fields: object = {}): Oddity {
  return () => {
    throw Object.assign(new Error(message), fields);
  };
}

const PAGE = "<html><title>Sign in</title><body>Who are you?</body></html>";
const HTML = { "content-type": "text/html" };

/** Whatever a server, or what stands in its place, may come up with; each for ever. */
export const oddities: Readonly<Record<string, Oddity>> = {
  "a page with 200": answer(200, PAGE, HTML),
  "a page that says that it is JSON": answer(200, PAGE),
  "a page with 403": answer(403, PAGE, HTML),
  "a page with 404": answer(404, PAGE, HTML),
  "JSON that is cut off": answer(200, '{"id":1,"assets":[{"na'),
  "JSON without an end": (url, clock) => answer(200, endless())(url, clock),
  "a refusal without an end": (url, clock) => answer(422, endless())(url, clock),
  "a byte a minute": (url, clock) => answer(200, dripping(clock))(url, clock),
  "a body that breaks": (url, clock) => answer(200, breaking())(url, clock),
  "a redirect to itself": (url, clock) => answer(302, "", { location: url })(url, clock),
  "a redirect to nowhere": answer(302, "", { location: "http://[" }),
  "a redirect without a place": answer(302, ""),
  "500": answer(500, '{"message":"boom"}'),
  "501": answer(501, ""),
  "503 and an hour to wait": answer(503, "", { "retry-after": "3600" }),
  "429 and no time to wait": answer(429, "", { "retry-after": "0" }),
  "429 and nonsense to wait": answer(429, "", { "retry-after": "soon" }),
  "403 and a limit that is long over": answer(403, "{}", {
    ...JSON_TYPE,
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "1",
  }),
  "an empty 200": answer(200, ""),
  "204": answer(204, "", {}),
  "205": answer(205, "", {}),
  "304": answer(304, "", {}),
  "status 999": answer(999, "{}"),
  "{}": answer(200, "{}"),
  "[]": answer(200, "[]"),
  "[null]": answer(200, "[null]"),
  null: answer(200, "null"),
  "a number": answer(200, "7"),
  "a text": answer(201, '"text"'),
  "fields of other types": answer(
    200,
    '{"id":"1","assets":7,"body":{},"archived":"no","object":[],"value":{},"issuers":{},"attestations":1}',
  ),
  "a refusal of another shape": answer(
    422,
    '{"message":{"a":[1,null]},"errors":[null,7,[],{"a":1}]}',
  ),
  "JSON without a bottom": answer(200, "[".repeat(200_000) + "]".repeat(200_000)),
  "a refusal without a bottom": answer(
    422,
    `{"message":${"[".repeat(200_000)}${"]".repeat(200_000)}}`,
  ),
  "a refusal that is null": answer(400, "null"),
  "no answer": failing("other side closed", { code: "UND_ERR_SOCKET" }),
  nobody: failing("connect ECONNREFUSED 192.0.2.1:443", { code: "ECONNREFUSED" }),
  "no such name": failing("getaddrinfo ENOTFOUND nowhere", { code: "ENOTFOUND" }),
  "a certificate of its own": failing("self-signed certificate", {
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  }),
  "no TLS": failing("wrong version number", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }),
  "no HTTP": failing("Expected HTTP/", { code: "HPE_INVALID_CONSTANT" }),
  "a proxy that asks who it is": failing("Proxy response (407) !== 200 when HTTP Tunneling", {
    name: "AbortError",
    code: "UND_ERR_ABORTED",
  }),
  "a proxy that is down": failing("Proxy response (502) !== 200 when HTTP Tunneling", {
    name: "AbortError",
    code: "UND_ERR_ABORTED",
  }),
};

/** A request without what differs from run to run, e.g. `GET /repos/octo/age/releases/N`. */
export function routeOf(method: string, url: string): string {
  const path = new URL(url).pathname
    .replaceAll(/[0-9a-f]{40,}/gu, "HASH")
    .replaceAll(/\/\d+(?=\/|$)/gu, "/N");
  return `${method} ${path}`;
}

/** `http` whose every request to one route meets the oddity. */
export function oddAt(http: Http, clock: Clock, route: string, oddity: Oddity): Http {
  return async (request) =>
    routeOf(request.method, request.url) === route
      ? oddity(request.url, clock)
      : await http(request);
}

/** `http` that notes what is asked for. */
export function noting(http: Http, routes: Set<string>): Http {
  return (request) => {
    routes.add(routeOf(request.method, request.url));
    return http(request);
  };
}
