import type { Readable } from "node:stream";
import { defined } from "../model/defined.ts";
import type { Destination } from "../model/plan.ts";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import type { Http, HttpResponse } from "../world/world.ts";

/** One file of a published release, as its consumers get it. */
export interface Download {
  readonly name: string;
  open(signal?: AbortSignal): Promise<Readable>;
}

/** Which release of which forge. */
export interface DownloadOptions {
  readonly destination: Pick<Destination, "repository" | "apiUrl">;
  readonly tag: string;
  /** Only needed where the project is not public. */
  readonly token: Secret | undefined;
  readonly http: Http;
}

export type ListDownloads = (
  options: DownloadOptions,
  signal?: AbortSignal,
) => Promise<readonly Download[]>;

const MOST_HOPS = 5;

/** A GET that follows redirects by hand: credentials go to the first origin, and nowhere after another one. */
export async function get(
  http: Http,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  const { origin } = new URL(url);
  let target = new URL(url);
  let trusted = true;
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const answer = await http(
      defined({
        method: "GET",
        url: target.href,
        headers: trusted ? headers : { accept: "*/*" },
        signal,
      }),
    );
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    answer.body.resume();
    target = new URL(location, target);
    trusted &&= target.origin === origin;
  }
  throw new Problem("download", `${url} is redirected more than ${MOST_HOPS} times`);
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
