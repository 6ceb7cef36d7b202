import type { Readable } from "node:stream";
import { getProxyUrl } from "@actions/http-client/lib/proxy";
import type { Dispatcher } from "undici";
import type { Http, HttpRequest } from "../world.ts";

/** undici's plain request, through the proxy that the environment names; it follows no redirect by itself. */
export const http: Http = async (request) => {
  const { origin, pathname, search } = new URL(request.url);
  const timeout = request.timeout ?? 60_000;
  const agent = await agentFor(request.url);
  const answer = await agent.request({
    origin,
    path: `${pathname}${search}`,
    method: request.method as Dispatcher.HttpMethod,
    headers: headersOf(request),
    body: bodyOf(request),
    signal: request.signal ?? null,
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
  // Without a listener, a body that is destroyed before its end would end the process.
  answer.body.on("error", () => {});
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: answer.body,
  };
};

const agents = new Map<string, Dispatcher>();

/** A proxy for every origin that HTTPS_PROXY, HTTP_PROXY and NO_PROXY send through one. */
async function agentFor(url: string): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import("undici");
  const proxy = getProxyUrl(new URL(url))?.href ?? "";
  const agent = agents.get(proxy) ?? (proxy === "" ? new Agent() : new ProxyAgent(proxy));
  agents.set(proxy, agent);
  return agent;
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return {
    ...headers,
    ...(typeof body === "object" && "open" in body
      ? { "content-length": String(body.length) }
      : {}),
  };
}

function bodyOf({ body }: HttpRequest): string | Uint8Array | Readable | null {
  if (body === undefined) return null;
  return typeof body === "object" && "open" in body ? body.open() : body;
}
