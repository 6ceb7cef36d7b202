import * as z from "zod/mini";
import { defined } from "../../model/defined.ts";
import type { Problem } from "../../model/problem.ts";
import type { Secret } from "../../model/secret.ts";
import { type Answer, exchange, type Reach } from "../../net/exchange.ts";
import { BRISK, retry } from "../../net/retry.ts";
import { type Asked, oddAnswer, serverProblem } from "../../net/server.ts";

/** A network service that signing depends on. */
export interface Service {
  /** As people know it, e.g. `Rekor`. */
  readonly name: string;
  readonly url: string;
  /** Milliseconds without a byte. */
  readonly timeout: number;
}

export interface ServiceRequest {
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that are an answer besides 2xx. */
  readonly accept?: readonly number[];
  /** Values that no message may contain, whatever the service echoes. */
  readonly secrets?: readonly Secret[];
  /** The cure, by status. */
  readonly hints?: Readonly<Record<number, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What services answer with, before anything of it is believed. */
export const JsonObject = z.record(z.string(), z.unknown());

/** Bytes. */
const LARGEST_ANSWER = 4 << 20;

/**
 * Asks a service, again with growing pauses while trying again can help. Throws a `Problem` that names the
 * service, what it said and the cure, and never a secret.
 */
export async function callService(
  service: Service,
  { accept = [], hints, secrets = [], ...call }: ServiceRequest,
  reach: Reach,
): Promise<Answer> {
  const asked = askedOf(service, secrets);
  const { timeout } = service;
  const request = defined({ ...asked, ...call, timeout, largest: LARGEST_ANSWER });
  const answer = await retry(BRISK, reach)(() => exchange(request, reach), call.signal);
  const { status, said } = answer;
  if ((status >= 200 && status < 300) || accept.includes(status)) return answer;
  const hint =
    hints?.[status] ??
    "check that the service's URL is correct and that it accepts this identity or key";
  throw serverProblem(asked, { what: `answered ${status}`, said, hint, status });
}

/** A service answered 2xx with something that cannot be its answer. */
export function nonsense(service: Service, what: string): Problem {
  return oddAnswer(askedOf(service, []), what);
}

function askedOf({ name, url }: Service, secrets: readonly Secret[]): Asked {
  const again = "run it again later: nothing was published";
  return { server: { name, code: "signing-service", again, secrets }, url };
}
