import type { Readable } from "node:stream";
import { getProxyUrl } from "@actions/http-client/lib/proxy";
import type { Dispatcher } from "undici";
import { Problem } from "../../model/problem.ts";
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
    text: () => wholeText(answer.body, origin),
  };
};

/** Bytes; a list of a hundred releases with all their files is a tenth of it. */
const LARGEST_TEXT = 64 << 20;

/** An answer that does not end would fill the memory. Throws a `Problem`, for asking again would not help. */
async function wholeText(body: Readable, origin: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_TEXT) {
      throw new Problem(
        "answer-endless",
        `${origin} answers with more than ${LARGEST_TEXT >> 20} MiB`,
        {
          hint: "see whether the URL is the API's own and no proxy answers in its place",
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

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
