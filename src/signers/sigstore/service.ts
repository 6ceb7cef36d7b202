import { defined } from "../../model/defined.ts";
import type { Problem } from "../../model/problem.ts";
import type { Clock, HttpResponse, World } from "../../world/world.ts";
import type { Service, ServiceRequest } from "./call.ts";
import { nonsense, refusal, silence } from "./errors.ts";

/** What a client of a service needs of the world. */
export type ServiceReach = Pick<World, "http" | "clock">;

/** An answer that was read to its end. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** Throws a `Problem` when the body is not a JSON object. */
  json(): Record<string, unknown>;
}

const TRIES = 4;
/** Milliseconds before the second try; doubled for each further one. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const LARGEST_ANSWER = 4 << 20;

/**
 * Asks a service, again with growing pauses while trying again can help. Throws a `Problem` that names the
 * service, what it said and the cure, and never a secret.
 */
export async function callService(
  service: Service,
  call: ServiceRequest,
  reach: ServiceReach,
): Promise<ServiceAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(service, call, reach);
    if ("answer" in outcome) return outcome.answer;
    call.signal?.throwIfAborted();
    if (!outcome.retry || attempt === TRIES) throw outcome.problem(attempt);
    await pause(attempt, outcome.after, reach.clock, call.signal);
  }
}

type Outcome =
  | { readonly answer: ServiceAnswer }
  | {
      readonly retry: boolean;
      /** Milliseconds that the service asked us to wait. */
      readonly after?: number;
      readonly problem: (tries: number) => Problem;
    };

async function tryOnce(
  service: Service,
  call: ServiceRequest,
  { http, clock }: ServiceReach,
): Promise<Outcome> {
  const end = clock.now() + 2 * service.timeout;
  let response: HttpResponse;
  let bytes: Buffer;
  try {
    response = await http(
      defined({
        method: call.method,
        url: service.url,
        timeout: service.timeout,
        headers: call.headers,
        body: call.body,
        signal: call.signal,
      }),
    );
    bytes = await readBody(response, () => clock.now() > end);
  } catch (error) {
    return { retry: true, problem: (tries) => silence(service, call, error, tries) };
  }
  const { status, headers } = response;
  if ((status >= 200 && status < 300) || call.accept?.includes(status)) {
    return { answer: { status, headers, bytes, json: () => parseJson(service, bytes) } };
  }
  const after = Number(headers["retry-after"]) * 1000;
  return {
    retry: canHelp(status),
    ...(after > 0 ? { after } : {}),
    problem: (tries) => refusal(service, call, status, bytes, tries),
  };
}

/** A service that says a byte now and then is as good as silent. */
async function readBody(response: HttpResponse, isLate: () => boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += (chunk as Buffer).length;
    if (isLate()) throw new Error("the answer does not end");
    if (length > LARGEST_ANSWER) throw new Error("the answer is larger than 4 MiB");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** 499 is what Rekor v2 answers to one request when another one was aborted. */
function canHelp(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status === 499 || status >= 500;
}

/** Full jitter: twelve signatures that failed together do not come back together. */
function pause(attempt: number, after: number | undefined, clock: Clock, signal?: AbortSignal) {
  const longest = FIRST_PAUSE * 2 ** (attempt - 1);
  const backOff = longest / 2 + Math.random() * (longest / 2);
  return clock.sleep(Math.min(Math.max(backOff, after ?? 0), LONGEST_PAUSE), signal);
}

function parseJson(service: Service, bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below, without the body: it may hold what was sent.
  }
  throw nonsense(service, "something that is not a JSON object");
}
