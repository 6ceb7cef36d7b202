import type { Readable } from "node:stream";
import type { GitHub } from "@actions/github/lib/utils";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Http, HttpRequest } from "../../world/world.ts";

export type Octokit = InstanceType<typeof GitHub>;

/** Bytes sent with a Content-Length, for GitHub refuses chunked uploads; a fresh stream for each try. */
export class UploadBody {
  readonly length: number;
  readonly open: () => Readable;

  constructor(length: number, open: () => Readable) {
    this.length = length;
    this.open = open;
  }
}

/** Milliseconds that GitHub may take to store what it has received. */
const UPLOAD_TIMEOUT = 300_000;

/**
 * Octokit whose every request goes through `http`, and to the API's own server alone, whatever an answer names. A
 * server that repeats the token is not quoted with it.
 */
export async function octokitOver(http: Http, apiUrl: string, token: Secret): Promise<Octokit> {
  const { GitHub } = await import("@actions/github/lib/utils");
  return new GitHub({
    auth: token.reveal(),
    baseUrl: apiUrl,
    userAgent: "go-release-action",
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: fetchOver(http, apiUrl, token) },
  });
}

interface Init {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | UploadBody;
  readonly signal?: AbortSignal;
}

function fetchOver(http: Http, apiUrl: string, token: Secret) {
  return async (url: string, init: Init): Promise<Response> => {
    assertOwn(url, apiUrl);
    const answer = await http(requestOf(url, init));
    const { status, headers } = answer;
    const body = (await answer.text()).replaceAll(token.reveal(), "***");
    if (status >= 300 && status < 400) throw await moved(headers["location"], url, init, http);
    return new Response(status === 204 ? null : body, { status, headers });
  };
}

/** Pages of a list and the place of uploads are named by answers. Throws a `Problem` where they are another server's. */
function assertOwn(url: string, apiUrl: string): void {
  const [to, api] = [new URL(url), new URL(apiUrl)];
  if (to.origin === api.origin || isUploads(to, api)) return;
  throw new Problem(
    "github-elsewhere",
    `${api.origin} names ${to.origin} to go on with, which is not its own`,
    {
      hint: "the token is not sent there: check `api-url`, and that no proxy answers in the server's place",
    },
  );
}

/** `uploads.` in place of `api.` or before the name of an own server, or this machine by its other name. */
function isUploads(to: URL, api: URL): boolean {
  if (to.protocol !== api.protocol || to.port !== api.port) return false;
  const loopback = [to, api].every(({ hostname }) => /^(localhost|127\.0\.0\.1)$/u.test(hostname));
  return loopback || to.hostname === `uploads.${api.hostname.replace(/^api\./u, "")}`;
}

/** GitHub answers so for a repository that was renamed; a token must not follow it elsewhere. */
async function moved(
  location: string | undefined,
  url: string,
  init: Init,
  http: Http,
): Promise<Problem> {
  const name = await nameBehind(location, url, init, http);
  return new Problem(
    "github-moved",
    `the repository has moved, to ${name ?? location ?? "somewhere unnamed"}`,
    {
      hint: `set \`repository\` to its new owner/name${name === undefined ? "" : `, ${name}`}, and update the remote`,
    },
  );
}

/** What is called `/repositories/NUMBER` on the same server; where that is not told, the move is told all the same. */
async function nameBehind(
  location: string | undefined,
  url: string,
  { headers, signal }: Init,
  http: Http,
): Promise<string | undefined> {
  const [target] = /^.*?\/repositories\/\d+/u.exec(location ?? "") ?? [];
  try {
    const place = new URL(target ?? "", url);
    if (target === undefined || place.origin !== new URL(url).origin) return undefined;
    const answer = await http(
      defined({
        method: "GET",
        url: place.href,
        headers,
        signal,
      }),
    );
    const told = JSON.parse(await answer.text()) as { full_name?: unknown };
    return typeof told.full_name === "string" ? told.full_name : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function requestOf(url: string, { method, headers, body, signal }: Init): HttpRequest {
  return defined({
    method,
    url,
    headers,
    body,
    ...(body instanceof UploadBody ? { timeout: UPLOAD_TIMEOUT } : {}),
    signal,
  });
}
