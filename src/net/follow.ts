import type { HttpResponse } from "../world/world.ts";
import { discard } from "./body.ts";
import { type Answer, begin, type Exchange, type Reach, wholeAnswer } from "./exchange.ts";
import type { Retry } from "./retry.ts";
import { type Asked, oddAnswer, ServerProblem, serverProblem } from "./server.ts";
import { unanswered } from "./unanswered.ts";

/** A GET of something that may lie elsewhere. */
export interface Fetching extends Omit<Exchange, "method" | "body"> {
  /** Headers for the origin of `home` alone: from the first other one on they are left out. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Where the credentials belong; `url` itself when absent. A server may name any `url`. */
  readonly home?: string;
  /** The cure when the answer is a refusal. */
  readonly refused?: string;
}

const MOST_HOPS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What a redirect, or the conflict with something that is there, points to. */
export function locationOf({ headers }: Pick<HttpResponse, "headers">): string | undefined {
  return headers["location"];
}

/** Where an answer leads to; undefined when it is no redirect. Throws a `Problem` when that is no address. */
export function redirectOf(
  { status, headers }: Pick<HttpResponse, "status" | "headers">,
  asked: Asked,
): URL | undefined {
  const location = locationOf({ headers });
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const target = URL.canParse(location, asked.url) ? new URL(location, asked.url) : undefined;
  const isOne = target !== undefined && /^https?:$/u.test(target.protocol);
  if (isOne && target.href !== new URL(asked.url).href) return target;
  throw oddAnswer(asked, isOne ? "a redirect to itself" : "a redirect without a valid URL");
}

/** The first answer that is no redirect. Throws a `Problem`: `Passing` where a later try may be better. */
export async function follow(request: Fetching, reach: Reach): Promise<HttpResponse> {
  const { home = request.url, credentials, headers } = request;
  if (!URL.canParse(request.url)) throw oddAnswer(request, "an invalid URL of a file");
  const seen = new Set<string>();
  let url = new URL(request.url);
  let trusted = true;
  for (;;) {
    trusted &&= url.origin === new URL(home).origin;
    seen.add(url.href);
    const hop: Exchange = {
      ...request,
      method: "GET",
      url: url.href,
      headers: { ...headers, ...(trusted ? credentials : {}) },
    };
    const response = await begin(hop, reach);
    const target = redirectOf(response, hop);
    if (target === undefined) return response;
    discard(response.body);
    assertMayFollow(hop, target, seen);
    url = target;
  }
}

function assertMayFollow(from: Asked, target: URL, seen: ReadonlySet<string>): void {
  const fault = faultOf(new URL(from.url), target, seen);
  if (fault === undefined) return;
  throw serverProblem(from, {
    what: fault,
    hint: "check that its address is current and that no login page or proxy answers instead",
  });
}

function faultOf(from: URL, target: URL, seen: ReadonlySet<string>): string | undefined {
  if (from.protocol === "https:" && target.protocol === "http:")
    return `leads from https to ${target.origin}, which is not encrypted`;
  if (seen.has(target.href)) return "redirects in a loop";
  return seen.size > MOST_HOPS ? `redirects more than ${MOST_HOPS} times` : undefined;
}

/** Reads what lies behind all redirects, again from its beginning while that can help. Throws for other statuses than 200. */
export async function fetchFile<T>(
  request: Fetching,
  read: (response: HttpResponse) => Promise<T>,
  reach: Reach,
  again: Retry,
): Promise<T> {
  return await again(async () => {
    const response = await follow(request, reach);
    const { status } = response;
    if (status === 200) return await reading(request, read(response));
    const { said } = await wholeAnswer({ ...request, method: "GET" }, response, reach);
    const hint = request.refused ?? request.server.again;
    throw serverProblem(request, { what: `answered ${status}`, said, hint, status });
  }, request.signal);
}

/** As `fetchFile`; undefined when nothing is there. */
export async function fetchIfThere<T>(
  ...asked: Parameters<typeof fetchFile<T>>
): Promise<T | undefined> {
  try {
    return await fetchFile(...asked);
  } catch (error) {
    if (error instanceof ServerProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** As `fetchFile`, for an answer that is read whole. */
export async function fetchAnswer(request: Fetching, reach: Reach, again: Retry): Promise<Answer> {
  const asked: Exchange = { ...request, method: "GET" };
  return await fetchFile(request, (response) => wholeAnswer(asked, response, reach), reach, again);
}

async function reading<T>(request: Fetching, read: Promise<T>): Promise<T> {
  return await read.catch((error: unknown) => {
    request.signal?.throwIfAborted();
    throw unanswered(request, error);
  });
}
