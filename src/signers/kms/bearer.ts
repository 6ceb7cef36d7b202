import type { Secret } from "../../model/secret.ts";
import type { Answer, Reach } from "../../net/exchange.ts";
import { callService, type Service } from "../sigstore/service.ts";

interface BearerOptions {
  readonly token: (signal?: AbortSignal) => Promise<Secret>;
  readonly hints: Readonly<Record<number, string>>;
}

/** Asks for JSON with an access token: a GET, or a POST of `body`. */
export type BearerCall = (
  service: Service,
  body: object | undefined,
  signal?: AbortSignal,
) => Promise<Answer>;

export function bearerCall({ token, hints }: BearerOptions, reach: Reach): BearerCall {
  return async (service, body, signal) => {
    const bearer = await token(signal);
    const headers = {
      "content-type": "application/json",
      accept: "application/json",
      authorization: `Bearer ${bearer.reveal()}`,
    };
    const request =
      body === undefined
        ? ({ method: "GET" } as const)
        : ({ method: "POST", body: JSON.stringify(body) } as const);
    return await callService(
      service,
      { ...request, headers, secrets: [bearer], hints, signal },
      reach,
    );
  };
}
