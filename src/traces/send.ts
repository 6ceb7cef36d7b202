import { gzipSync } from "node:zlib";
import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Clock, Http, HttpRequest, HttpResponse } from "../world/world.ts";
import type { Protocol, TraceSettings } from "./settings.ts";

const serializers = {
  "http/json": { serializer: JsonTraceSerializer, type: "application/json" },
  "http/protobuf": { serializer: ProtobufTraceSerializer, type: "application/x-protobuf" },
} satisfies Record<Protocol, unknown>;

export interface Sending {
  readonly http: Http;
  readonly clock: Clock;
  /** Milliseconds since 1970: no new attempt that could not begin before it. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** This program's version. */
  readonly version: string;
}

/** One OTLP/HTTP request (OTLP specification 1.9); gives what the collector has against it. Throws without an answer. */
export async function send(
  spans: readonly ReadableSpan[],
  settings: TraceSettings,
  sending: Sending,
): Promise<string | undefined> {
  const { serializer } = serializers[settings.protocol];
  const body = serializer.serializeRequest([...spans]);
  if (body === undefined) throw new Error("the spans cannot be encoded");
  const response = await persist(requestOf(body, settings, sending), sending);
  if (response.status < 200 || response.status > 299) {
    discard(response);
    return `it answered with status ${response.status}`;
  }
  const rejected = rejectedBy(serializer, await bytesOf(response));
  return rejected > 0 ? `it rejected ${rejected} of ${spans.length} spans` : undefined;
}

/** Whatever else a collector answers with status 200, it has taken the spans. */
function rejectedBy(serializer: typeof JsonTraceSerializer, answer: Uint8Array): number {
  try {
    return Number(serializer.deserializeResponse(answer).partialSuccess?.rejectedSpans ?? 0);
  } catch {
    return 0;
  }
}

function requestOf(
  body: Uint8Array,
  { url, protocol, headers, timeout, gzip }: TraceSettings,
  { version, signal }: Sending,
): HttpRequest {
  return {
    method: "POST",
    url: url.href,
    headers: {
      ...lowerCase(parseKeyPairsIntoRecord(headers.reveal())),
      "content-type": serializers[protocol].type,
      "user-agent": `go-release/${version}`,
      ...(gzip ? { "content-encoding": "gzip" } : {}),
    },
    body: gzip ? gzipSync(body) : body,
    timeout,
    signal,
  };
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** "Retryable Response Codes" of the OTLP specification. */
const retryable = new Set([429, 502, 503, 504]);

/** Asks again while a collector says that it is busy, as long as there is time. */
async function persist(request: HttpRequest, sending: Sending): Promise<HttpResponse> {
  const { http, clock, deadline, signal } = sending;
  for (let pause = 1000; ; pause *= 2) {
    const response = await http(request);
    const wait = retryAfter(response) ?? pause;
    if (!retryable.has(response.status) || clock.now() + wait >= deadline) return response;
    discard(response);
    await clock.sleep(wait, signal);
  }
}

/** Milliseconds; a date counts as nothing said. */
function retryAfter({ headers }: HttpResponse): number | undefined {
  const seconds = headers["retry-after"] ?? "";
  return /^\d+$/u.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** An answer of ours is a few bytes; of a longer one nothing is believed. */
const LONGEST_ANSWER = 65_536;

async function bytesOf(response: HttpResponse): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > LONGEST_ANSWER) {
      discard(response);
      return new Uint8Array();
    }
  }
  return Buffer.concat(chunks);
}

/** undici emits an error when a body is destroyed before its end. */
function discard({ body }: HttpResponse): void {
  body.on("error", () => {}).destroy();
}
