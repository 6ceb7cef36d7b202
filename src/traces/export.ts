import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import { Problem } from "../model/problem.ts";
import type { Secret } from "../model/secret.ts";
import { inTime } from "../net/deadline.ts";
import type { Reach } from "../net/exchange.ts";
import { mask } from "../net/mask.ts";
import type { TracedRun } from "./run.ts";
import { send } from "./send.ts";
import type { TraceSettings } from "./settings.ts";
import { spansOf, type TraceOrigin } from "./spans.ts";

/** Makes the trace of a run and sends it; gives what went wrong, in words without any secret. Never throws. */
export async function exportTrace(
  run: TracedRun,
  settings: TraceSettings,
  secrets: readonly Secret[],
  place: Omit<TraceOrigin, "mask"> & Reach,
): Promise<string | undefined> {
  const hide = mask([...secrets.map((secret) => secret.reveal()), ...keysOf(settings)]);
  const { timeout } = settings;
  try {
    const spans = spansOf(run, { ...place, mask: hide });
    if (spans.length === 0) return undefined;
    await inTime(timeout, place, (signal) =>
      send(spans, settings, { reach: place, signal, version: place.version }),
    );
    return undefined;
  } catch (error) {
    return `the trace was not recorded: ${hide(reason(error, settings))}; the release is not affected`;
  }
}

/** The collector by name; its query may be a secret. */
function reason(error: unknown, { url }: TraceSettings): string {
  if (error instanceof Problem) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `the collector (${url.origin}${url.pathname}) failed: ${message}`;
}

/** Each header's value and the values of the URL's query, and each word of them, as in `Bearer …`. */
function keysOf({ headers, url }: TraceSettings): readonly string[] {
  return [
    ...Object.values(parseKeyPairsIntoRecord(headers.reveal())),
    ...url.searchParams.values(),
  ].flatMap((value) => [value, ...value.split(" ")]);
}
