import type { Host } from "../hosts/host.ts";
import type { Tracing } from "./tracing.ts";

/** A host of which a trace hears all that it is told, and which sends the trace before it closes. */
export function traced(host: Host, trace: Tracing): Host {
  return {
    inputs: () => host.inputs(),
    surroundings: host.surroundings,
    mask: (secret) => {
      trace.mask(secret);
      host.mask(secret);
    },
    tell: (event) => {
      trace.tell(event);
      host.tell(event);
    },
    output: (outputs) => host.output(outputs),
    close: async (status) => {
      await trace.flush();
      await host.close(status);
    },
  };
}
