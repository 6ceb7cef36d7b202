import { gzipSync } from "node:zlib";
import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { bytesUpTo, discard, orTooLarge } from "../net/body.ts";
import { begin, type Exchange, type Reach } from "../net/exchange.ts";
import { retry } from "../net/retry.ts";
import { Passing, type Server, serverProblem } from "../net/server.ts";
import type { HttpResponse } from "../world/world.ts";
import type { Protocol, TraceSettings } from "./settings.ts";

const serializers = {
  "http/json": { serializer: JsonTraceSerializer, type: "application/json" },
  "http/protobuf": { serializer: ProtobufTraceSerializer, type: "application/x-protobuf" },
} satisfies Record<Protocol, unknown>;

export interface Sending {
  readonly reach: Reach;
  readonly signal: AbortSignal;
  /** This program's version. */
  readonly version: string;
}

/** An answer of ours is a few bytes; of a longer one nothing is believed. */
const LONGEST_ANSWER = 65_536;

const COLLECTOR: Server = { name: "the collector", code: "trace", again: "", secrets: [] };

/** One OTLP/HTTP request (OTLP specification 1.9). Throws a `Problem` when the collector does not take all of it. */
export async function send(
  spans: readonly ReadableSpan[],
  settings: TraceSettings,
  sending: Sending,
): Promise<void> {
  const { serializer } = serializers[settings.protocol];
  const body = serializer.serializeRequest([...spans]);
  if (body === undefined) throw new Error("the spans cannot be encoded");
  const request = requestOf(body, settings, sending);
  const response = await persist(request, sending);
  const refuse = (what: string) => serverProblem(request, { what, hint: "" });
  if (response.status > 299) {
    discard(response.body);
    throw refuse(`answered ${response.status}`);
  }
  const bounds = { most: LONGEST_ANSWER, clock: sending.reach.clock };
  const answer = await orTooLarge(bytesUpTo(response.body, bounds));
  const rejected = rejectedBy(serializer, answer ?? new Uint8Array());
  if (rejected > 0) throw refuse(`rejected ${rejected} of ${spans.length} spans`);
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
): Exchange {
  return {
    server: COLLECTOR,
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
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Asks again while a collector says that it is busy, as long as there is time. */
async function persist(request: Exchange, { reach, signal }: Sending): Promise<HttpResponse> {
  const within = request.timeout ?? 0;
  const again = retry({ tries: 100, first: 1000, patience: within, within }, reach);
  const attempt = async () => {
    try {
      return await begin(request, reach);
    } catch (error) {
      if (!(error instanceof Passing) || RETRYABLE.has(error.status ?? 0)) throw error;
      throw error.inVain(1);
    }
  };
  return await again(attempt, signal);
}
