import { defined } from "../../model/defined.ts";
import { type Answer, exchange, type Reach } from "../../net/exchange.ts";
import { BRISK, retry } from "../../net/retry.ts";
import type { Asked } from "../../net/server.ts";
import type { Service, ServiceRequest } from "./call.ts";
import { nonsense, refusal } from "./errors.ts";

/** Bytes. */
const LARGEST_ANSWER = 4 << 20;

/**
 * Asks a service, again with growing pauses while trying again can help. Throws a `Problem` that names the
 * service, what it said and the cure, and never a secret.
 */
export async function callService(
  service: Service,
  call: ServiceRequest,
  reach: Reach,
): Promise<Answer> {
  const { method, headers, body, signal } = call;
  const { timeout } = service;
  const asked = askedOf(service, call);
  const request = { ...asked, method, headers, body, signal, timeout, largest: LARGEST_ANSWER };
  const again = retry(BRISK, reach);
  const answer = await again(() => exchange(defined(request), reach), signal);
  const { status } = answer;
  if ((status >= 200 && status < 300) || call.accept?.includes(status) === true) return answer;
  throw refusal(asked, call, answer);
}

/** The JSON object that a service answers with. Throws a `Problem` when it is none. */
export function objectIn(answer: Answer, service: Service): Record<string, unknown> {
  const data = answer.json();
  if (typeof data === "object" && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw nonsense(service, "something that is not a JSON object");
}

function askedOf({ name, url }: Service, { secrets = [] }: ServiceRequest): Asked {
  const again = "run it again later: nothing was published";
  return { server: { name, code: "signing-service", again, secrets }, url };
}
