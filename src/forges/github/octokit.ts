import type { Readable } from "node:stream";
import type { GitHub } from "@actions/github/lib/utils";
import { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import type { Http, HttpRequest } from "../../world/world.ts";

export type Octokit = InstanceType<typeof GitHub>;

/** Bytes sent with a Content-Length, for GitHub refuses chunked uploads; a fresh stream for each try. */
export class Payload {
  readonly length: number;
  readonly open: () => Readable;

  constructor(length: number, open: () => Readable) {
    this.length = length;
    this.open = open;
  }
}

/** Milliseconds that GitHub may take to store what it has received. */
const UPLOAD_TIMEOUT = 300_000;

/** Octokit whose every request goes through `http`. A server that repeats the token is not quoted with it. */
export async function octokitOver(http: Http, apiUrl: string, token: Secret): Promise<Octokit> {
  const { GitHub } = await import("@actions/github/lib/utils");
  return new GitHub({
    auth: token.reveal(),
    baseUrl: apiUrl,
    userAgent: "go-release-action",
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: fetchOver(http, token) },
  });
}

interface Init {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Payload;
  readonly signal?: AbortSignal;
}

const fetchOver =
  (http: Http, token: Secret) =>
  async (url: string, init: Init): Promise<Response> => {
    const answer = await http(requestOf(url, init));
    const { status, headers } = answer;
    const body = (await answer.text()).replaceAll(token.reveal(), "***");
    if (status >= 300 && status < 400) throw moved(headers["location"]);
    return new Response(status === 204 ? null : body, { status, headers });
  };

/** GitHub answers so for a repository that was renamed; a token must not follow it elsewhere. */
const moved = (location: string | undefined): Problem =>
  new Problem("github-moved", `the repository has moved, to ${location ?? "somewhere unnamed"}`, {
    hint: "Set `repository` to its new owner/name, and update the remote.",
  });

const requestOf = (url: string, { method, headers, body, signal }: Init): HttpRequest => ({
  method,
  url,
  headers,
  ...(body === undefined ? {} : { body }),
  ...(body instanceof Payload ? { timeout: UPLOAD_TIMEOUT } : {}),
  ...(signal === undefined ? {} : { signal }),
});
