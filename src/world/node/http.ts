import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Dispatcher } from "undici";
import type { Http, HttpRequest } from "../world.ts";

/** undici's plain `request` through the proxy that the environment names; it follows no redirect by itself. */
export const http: Http = async (request) => {
  const { request: send } = await import("undici");
  const timeout = request.timeout ?? 60_000;
  const answer = await send(request.url, {
    method: request.method as Dispatcher.HttpMethod,
    headers: headersOf(request),
    body: bodyOf(request),
    signal: request.signal ?? null,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    dispatcher: await agent(),
  });
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: answer.body,
    text: () => text(answer.body),
  };
};

let proxy: Promise<Dispatcher> | undefined;

const agent = (): Promise<Dispatcher> =>
  (proxy ??= import("undici").then(({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent()));

const headersOf = ({ headers, body }: HttpRequest): Record<string, string> => ({
  ...headers,
  ...(typeof body === "object" && "open" in body ? { "content-length": String(body.length) } : {}),
});

const bodyOf = ({ body }: HttpRequest): string | Uint8Array | Readable | null => {
  if (body === undefined) return null;
  return typeof body === "object" && "open" in body ? body.open() : body;
};
