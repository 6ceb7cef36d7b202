import { randomBytes } from "node:crypto";
import type { Event } from "../../../src/model/event.ts";
import type { Secret } from "../../../src/model/secret.ts";
import { type TracingOptions, tracing } from "../../../src/traces/tracing.ts";
import { clock } from "../../../src/world/node/clock.ts";
import { http } from "../../../src/world/node/http.ts";
import { START } from "./runs.ts";

interface Change extends Partial<TracingOptions> {
  readonly secrets?: readonly Secret[];
  readonly begun?: boolean;
}

/** Replays a run with the real network; gives the warnings. Its clock begins at the run's start. */
export async function replay(
  events: readonly Event[],
  env: Record<string, string>,
  { secrets = [], begun = true, ...change }: Change = {},
): Promise<string[]> {
  const warnings: string[] = [];
  const beginning = Date.now();
  const trace = tracing({
    env,
    surroundings: { ci: true, folder: "/", runId: "77", runUrl: "https://ci.example.org/runs/77" },
    http,
    clock: { ...clock, now: () => START + Date.now() - beginning },
    random: randomBytes,
    version: "9.9.9",
    warn: (message) => warnings.push(message),
    ...change,
  });
  if (begun) trace?.begin("release");
  for (const secret of secrets) trace?.mask(secret);
  for (const event of events) trace?.tell(event);
  await trace?.flush();
  return warnings;
}
