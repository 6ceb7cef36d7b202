import { Readable } from "node:stream";
import { Problem } from "../../model/problem.ts";
import type { Clock, Http, HttpRequest, HttpResponse } from "../../world/world.ts";
import { pauseAfter, retryAfter } from "../pauses.ts";

/** GitHub asks for fewer than 80 content-creating requests a minute. */
const WRITES_A_MINUTE = 75;
const MINUTE = 60_000;
/** A primary limit is reset within the hour. */
const LONGEST_WAIT = 75 * MINUTE;
const TRIES = 7;

/**
 * `http` with the manners that GitHub asks for: writes are paced, rate limits are waited for, and what
 * may be repeated without harm (GET, DELETE) is repeated after a failure. A PATCH is never repeated, for
 * the world may have changed while it waited: its caller looks first. Answers arrive whole.
 */
export function patient(http: Http, clock: Clock): Http {
  const pace = pacer(clock);
  return async (request) => {
    let waited = 0;
    for (let attempt = 1; ; attempt += 1) {
      if (request.method === "POST") await pace(request.signal);
      const answer = await http(request).then(whole, (error: unknown) => failed(error, request));
      if (answer instanceof Error) {
        if (!repeatable(request) || attempt >= TRIES) throw answer;
        await clock.sleep(backoff(clock, attempt), request.signal);
        continue;
      }
      const wait = await limit(answer, clock, attempt);
      if (wait !== undefined) {
        await answer.text();
        waited += wait;
        if (waited > LONGEST_WAIT) throw exhausted();
        await clock.sleep(wait, request.signal);
        if (request.method === "PATCH") throw new Error("GitHub's rate limit was waited for");
        continue;
      }
      if (answer.status < 500 || !repeatable(request) || attempt >= TRIES) return answer;
      await answer.text();
      await clock.sleep(backoff(clock, attempt), request.signal);
    }
  };
}

export function backoff(clock: Clock, attempt: number): number {
  return pauseAfter(attempt, (clock.now() % 1000) / 1000);
}

/** What may be asked twice; generated notes are only a text. */
function repeatable({ method, url }: HttpRequest): boolean {
  return method === "GET" || method === "DELETE" || url.endsWith("/releases/generate-notes");
}

/** An answer cut in the middle is no answer. */
async function whole(answer: HttpResponse): Promise<HttpResponse | Error> {
  if (!(answer.headers["content-type"] ?? "").includes("json")) return answer;
  try {
    const text = await answer.text();
    JSON.parse(text);
    return { ...answer, body: Readable.from([text]), text: async () => text };
  } catch (cause) {
    // Another try would be as long.
    if (cause instanceof Problem) throw cause;
    return new Error("GitHub's answer was cut off", { cause });
  }
}

function failed(error: unknown, { signal }: HttpRequest): Error {
  if (signal?.aborted === true || error instanceof Problem) throw error;
  return error instanceof Error ? error : new Error(String(error));
}

/** How long GitHub wants to be left alone, in milliseconds; undefined when it is no rate limit. */
async function limit(
  answer: HttpResponse,
  clock: Clock,
  attempt: number,
): Promise<number | undefined> {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const { "x-ratelimit-remaining": left, "x-ratelimit-reset": reset } = answer.headers;
  const after = retryAfter(answer.headers["retry-after"], clock.now());
  if (after !== undefined) return after;
  if (left === "0" && reset !== undefined)
    return Math.max(Number(reset) * 1000 - clock.now(), 0) + 1000;
  if (answer.status === 403 && !(await spoken(answer))) return undefined;
  return MINUTE * 2 ** (attempt - 1);
}

async function spoken(answer: HttpResponse): Promise<boolean> {
  return (
    (answer.headers["content-type"] ?? "").includes("json") &&
    /rate limit|abuse/i.test(await answer.text())
  );
}

function exhausted(): Problem {
  return new Problem("github-rate-limit", "GitHub's rate limit did not lift within 75 minutes", {
    hint: "run it again later: what was uploaded is kept in the draft",
  });
}

function pacer(clock: Clock): (signal?: AbortSignal) => Promise<void> {
  let writes: readonly number[] = [];
  return async (signal) => {
    for (;;) {
      const now = clock.now();
      writes = writes.filter((at) => at > now - MINUTE);
      const [oldest] = writes;
      if (writes.length < WRITES_A_MINUTE || oldest === undefined) break;
      await clock.sleep(oldest + MINUTE - now, signal);
    }
    writes = [...writes, clock.now()];
  };
}
