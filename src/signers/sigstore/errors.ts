import type { Problem } from "../../model/problem.ts";
import type { Answer } from "../../net/exchange.ts";
import { type Asked, oddAnswer, serverProblem } from "../../net/server.ts";
import type { Service, ServiceRequest } from "./call.ts";

/** An answer came that is none to the question. */
export function refusal(
  asked: Asked,
  { hints }: ServiceRequest,
  { status, said }: Answer,
): Problem {
  return serverProblem(asked, {
    what: `answered ${status}`,
    said,
    hint:
      hints?.[status] ??
      "see whether the service's URL is right and whether it accepts this identity or key",
  });
}

/** A service answered 2xx with something that cannot be its answer. */
export function nonsense({ name, url }: Pick<Service, "name" | "url">, what: string): Problem {
  const server = { name, code: "signing-service", again: "run it again", secrets: [] };
  return oddAnswer({ server, url }, what);
}
