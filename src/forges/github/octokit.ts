import type { Readable } from "node:stream";
import type { GitHub } from "@actions/github/lib/utils";
import { defined } from "../../model/defined.ts";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { type Answer, type Exchange, exchange, type Reach } from "../../net/exchange.ts";
import { redirectOf } from "../../net/follow.ts";
import { pacer, type Retry } from "../../net/retry.ts";
import { oddAnswer, type Server } from "../../net/server.ts";
import { refused } from "./errors.ts";
import { USER_AGENT } from "./server.ts";

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
/** GitHub asks for fewer than 80 content-creating requests a minute. */
const WRITES_A_MINUTE = 75;

/** How GitHub is spoken to. */
export interface OctokitOptions {
  readonly apiUrl: string;
  readonly token: Secret;
  readonly server: Server;
  readonly reach: Reach;
  readonly again: Retry;
}

/**
 * Octokit with the manners that GitHub asks for: writes are paced, and what may be repeated without harm is
 * repeated while that can help. A PATCH is never repeated, for the world may have changed while it waited: its
 * caller looks first. Requests go to the API's own server alone, whatever an answer names.
 */
export async function octokitOver(options: OctokitOptions): Promise<Octokit> {
  const { GitHub } = await import("@actions/github/lib/utils");
  return new GitHub({
    auth: options.token.reveal(),
    baseUrl: options.apiUrl,
    userAgent: USER_AGENT,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: fetchOver(options) },
  });
}

interface Init {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | UploadBody;
  readonly signal?: AbortSignal;
}

function fetchOver({ apiUrl, server, reach, again }: OctokitOptions) {
  const pace = pacer(WRITES_A_MINUTE, reach);
  return async (url: string, init: Init): Promise<Response> => {
    assertOwn(url, apiUrl);
    const request = requestOf(url, init, server);
    const ask = async (): Promise<Answer> => {
      if (init.method === "POST") await pace(init.signal);
      return await exchange(request, reach);
    };
    const answer = await (isRepeatable(request) ? again(ask, init.signal) : ask());
    const target = redirectOf(answer, request);
    if (target !== undefined) throw await moved(target, request, reach);
    const { status } = answer;
    if (status < 300 || (status >= 400 && status < 500)) return responseOf(answer);
    throw oddAnswer(request, `status ${status}`);
  };
}

/** The place of uploads is named by an answer. Throws a `Problem` where it is another server's. */
function assertOwn(url: string, apiUrl: string): void {
  const to = URL.canParse(url) ? new URL(url) : undefined;
  const api = new URL(apiUrl);
  if (to?.origin === api.origin || (to !== undefined && isUploads(to, api))) return;
  throw new Problem(
    "github-elsewhere",
    `${api.origin} names ${to?.origin ?? "no address"} as the next page, which is on another server`,
    {
      hint: "the token is not sent there: check `api-url`, and that no proxy answers instead of the server",
    },
  );
}

/** `uploads.` in place of `api.` or before the name of an own server, or this machine by its other name. */
function isUploads(to: URL, api: URL): boolean {
  if (to.protocol !== api.protocol || to.port !== api.port) return false;
  const loopback = [to, api].every(({ hostname }) => /^(localhost|127\.0\.0\.1)$/u.test(hostname));
  return loopback || to.hostname === `uploads.${api.hostname.replace(/^api\./u, "")}`;
}

function requestOf(url: string, { method, headers, body, signal }: Init, server: Server): Exchange {
  const timeout = body instanceof UploadBody ? UPLOAD_TIMEOUT : undefined;
  return defined({ server, method, url, headers, body, timeout, signal });
}

/** What may be asked twice; generated notes are only a text. */
function isRepeatable({ method, url }: Exchange): boolean {
  return method === "GET" || method === "DELETE" || url.endsWith("/releases/generate-notes");
}

/** As Octokit reads it: JSON, whatever page a proxy answers with. */
function responseOf(answer: Answer): Response {
  const { status, headers, text, said } = answer;
  const empty = status === 204 || status === 205;
  // A page that stands in the place of data is told of.
  if (status < 300 && text !== "") answer.json();
  const refusal = refused(answer.parsed?.json, said === "" ? `${status}` : said);
  const body = status < 300 ? text : JSON.stringify(refusal);
  return new Response(empty ? null : body, {
    status,
    headers: defined({ "content-type": "application/json", link: headers["link"] }),
  });
}

/** GitHub answers so for a repository that was renamed; a token must not follow it elsewhere. */
async function moved(target: URL, request: Exchange, reach: Reach): Promise<Problem> {
  const name = await nameBehind(target, request, reach);
  return new Problem(
    "github-moved",
    `the repository has moved, to ${name ?? `${target.origin}${target.pathname}`}`,
    {
      hint: `set \`repository\` to its new owner/name${name === undefined ? "" : `, ${name}`}, and update the remote`,
    },
  );
}

/** What is called `/repositories/NUMBER` on the same server; where that is not told, the move is told all the same. */
async function nameBehind(
  target: URL,
  { server, headers, signal, url }: Exchange,
  reach: Reach,
): Promise<string | undefined> {
  const [path] = /^.*?\/repositories\/\d+/u.exec(target.pathname) ?? [];
  if (path === undefined || target.origin !== new URL(url).origin) return undefined;
  const asked = defined({ server, method: "GET", url: target.origin + path, headers, signal });
  try {
    const { full_name: name } = (await exchange(asked, reach)).json() as { full_name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
