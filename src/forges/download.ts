import type { Readable } from "node:stream";
import { defined } from "../model/defined.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import type { Http, HttpResponse } from "../world/world.ts";

/** One file of a published release, as its consumers get it. */
export interface Download {
  readonly name: string;
  /** Bytes, where the forge tells. */
  readonly size?: number;
  /** The last parts of its addresses: a link may be named for people. */
  readonly aliases: readonly string[];
  open(signal?: AbortSignal): Promise<Readable>;
}

/** A release as its forge lists it; what somebody else added to it is among the files. */
export interface PublishedRelease {
  readonly tag: string;
  readonly files: readonly Download[];
}

/** Which release of which forge. */
export interface DownloadOptions {
  readonly destination: Pick<Destination, "repository" | "apiUrl">;
  /** Undefined: the latest release. */
  readonly tag: string | undefined;
  /** Only needed where the project is not public. */
  readonly token: Secret | undefined;
  readonly http: Http;
}

/** What a forge has of a release, or why it has none. */
export type ListDownloads = (
  options: DownloadOptions,
  signal?: AbortSignal,
) => Promise<PublishedRelease | { readonly missing: string }>;

const MOST_HOPS = 5;

/** What a GET says, and to whom it says what it may. */
export interface DownloadHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that carry a token; none without one. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The origin that they are for. An answer may name any other one. */
  readonly home: string;
}

/** A GET that follows redirects by hand: credentials go home, and nowhere after another origin was met. */
export async function get(
  http: Http,
  url: string,
  { headers, credentials, home }: DownloadHeaders,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  let target = new URL(url);
  let trusted = true;
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    trusted &&= target.origin === home;
    const answer = await http(
      defined({
        method: "GET",
        url: target.href,
        headers: trusted ? { ...headers, ...credentials } : headers,
        signal,
      }),
    );
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    answer.body.resume();
    target = redirected(target, location);
  }
  throw new Problem("download", `${url} is redirected more than ${MOST_HOPS} times`);
}

/** Where a redirect leads. Throws a `Problem` for one that gives up encryption, or leads to no server. */
export function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (to?.protocol === "https:" || (to?.protocol === "http:" && from.protocol === "http:"))
    return to;
  throw new Problem(
    "redirect",
    `${from.origin} redirects to ${to === undefined ? "no URL" : `${to.protocol}//${to.host}`}, which is not encrypted`,
    { hint: "use another network or proxy, or ask the server's administrators" },
  );
}

/** A forge's answer about a release as `read` understands it; what is none is missing. */
export async function releaseIn(
  answer: HttpResponse,
  what: string,
  hint: string,
  read: (json: unknown) => PublishedRelease | undefined,
): Promise<PublishedRelease | { readonly missing: string }> {
  if (answer.status === 404) {
    answer.body.resume();
    return { missing: "the server answered 404" };
  }
  const text = await (await expectOk(answer, what, hint)).text();
  return (
    readJson(text, read) ?? { missing: "the server answered with something that is no release" }
  );
}

function readJson<T>(text: string, read: (json: unknown) => T | undefined): T | undefined {
  try {
    return read(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The last part of a URL's path, which is the name of a file where it is one. */
export function lastPart(url: string): readonly string[] {
  const part = URL.canParse(url) ? new URL(url).pathname.split("/").at(-1) : undefined;
  return part === undefined || part === "" ? [] : [part];
}

/** The body of a 200; anything else is a `Problem` that says what was asked for. */
export async function expectOk(
  answer: HttpResponse,
  what: string,
  hint: string,
): Promise<HttpResponse> {
  if (answer.status === 200) return answer;
  answer.body.resume();
  throw new Problem("download", `${what}: the server answered ${answer.status}`, { hint });
}
