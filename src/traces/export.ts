import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import type { Secret } from "../model/secret.ts";
import type { Clock, Http } from "../world/world.ts";
import { maskOf } from "./mask.ts";
import type { TracedRun } from "./run.ts";
import { send } from "./send.ts";
import type { TraceSettings } from "./settings.ts";
import { spansOf, type TraceOrigin } from "./spans.ts";

/** Makes the trace of a run and sends it; gives what went wrong, in words without any secret. Never throws. */
export async function exportTrace(
  run: TracedRun,
  settings: TraceSettings,
  secrets: readonly Secret[],
  place: Omit<TraceOrigin, "mask"> & { readonly http: Http; readonly clock: Clock },
): Promise<string | undefined> {
  const mask = maskOf([...secrets.map((secret) => secret.reveal()), ...keysOf(settings)]);
  const { clock, http, version } = place;
  const deadline = clock.now() + settings.timeout;
  try {
    const spans = spansOf(run, { ...place, mask });
    if (spans.length === 0) return undefined;
    const complaint = await within(settings.timeout, clock, (signal) =>
      send(spans, settings, { http, clock, deadline, signal, version }),
    );
    return complaint === undefined ? undefined : about(settings, complaint);
  } catch (error) {
    return about(settings, mask(reason(error)));
  }
}

/** The collector by name; its query may be a secret. */
function about({ url }: TraceSettings, complaint: string): string {
  return `the trace was not recorded by ${url.origin}${url.pathname}: ${complaint}; the release is not affected`;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An attempt at several addresses has a code and no message.
  const { message, code } = error as NodeJS.ErrnoException;
  return message || (code ?? error.name);
}

/** Each header's value and the values of the URL's query, and each word of them, as in `Bearer …`. */
function keysOf({ headers, url }: TraceSettings): readonly string[] {
  return [
    ...Object.values(parseKeyPairsIntoRecord(headers.reveal())),
    ...url.searchParams.values(),
  ].flatMap((value) => [value, ...value.split(" ")]);
}

/** Gives work at most so many milliseconds, also when it does not listen to its signal. */
async function within<T>(
  milliseconds: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const alarm = clock.sleep(milliseconds, done.signal).then((): never => {
    const error = new Error(`no answer within ${milliseconds} ms`);
    late.abort(error);
    throw error;
  });
  try {
    return await Promise.race([work(late.signal), alarm]);
  } finally {
    done.abort();
  }
}
