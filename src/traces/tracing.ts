import type { Event } from "../model/event.ts";
import type { Secret } from "../model/secret.ts";
import type { Surroundings } from "../model/surroundings.ts";
import type { Reach } from "../net/exchange.ts";
import type { Moment } from "./run.ts";
import { settingsOf } from "./settings.ts";

/** Records one run and sends it as one OpenTelemetry trace. */
export interface Tracing {
  /** Names the run. One that never begins, such as `--help`, is not traced. */
  begin(command: string): void;
  /** Called for everything that happens, in order. */
  tell(event: Event): void;
  /** Hides a value in everything that is sent. */
  mask(secret: Secret): void;
  /** Called last: takes no longer than OTEL_EXPORTER_OTLP_TIMEOUT, never throws, warns at most once. */
  flush(): Promise<void>;
}

export interface TracingOptions extends Reach {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly surroundings: Surroundings;
  /** This program's version. */
  readonly version: string;
  readonly warn: (message: string) => void;
}

/** Undefined, with nothing loaded, unless OpenTelemetry's variables ask for it: see docs/traces.md. */
export function tracing(place: TracingOptions): Tracing | undefined {
  const settings = settingsOf(place.env, place.warn);
  if (settings === undefined) return undefined;
  const { clock } = place;
  const start = clock.now();
  const moments: Moment[] = [];
  const secrets = known(place.surroundings);
  let begun: string | undefined;
  return {
    begin: (command) => {
      begun = command;
    },
    tell: (event) => {
      if (event.type !== "output" && event.type !== "requested")
        moments.push({ at: "at" in event ? event.at : clock.now(), event });
    },
    mask: (secret) => {
      secrets.push(secret);
    },
    flush: async () => {
      if (begun === undefined) return;
      const run = { command: begun, start, end: clock.now(), moments };
      const { exportTrace } = await import("./export.ts");
      const complaint = await exportTrace(run, settings, secrets, place);
      if (complaint !== undefined) place.warn(complaint);
    },
  };
}

/** What the place we run in entrusts to us. */
function known({ token, identity }: Surroundings): Secret[] {
  return [token, identity?.token].filter((secret) => secret !== undefined);
}
