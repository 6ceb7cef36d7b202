import type { Clock } from "../../world/world.ts";

/** What a login gives for some time. */
export interface Lease<T> {
  readonly value: T;
  /** Milliseconds since 1970; absent for what does not end. */
  readonly until?: number;
}

/** Milliseconds before its end from which a lease is not used any more. */
const RESERVE = 60_000;

/** Obtains a lease when it is first needed, once however many ask, and again when it has nearly ended. */
export function leased<T>(
  obtain: (signal?: AbortSignal) => Promise<Lease<T>>,
  clock: Pick<Clock, "now">,
): (signal?: AbortSignal) => Promise<T> {
  let held: Promise<Lease<T>> | undefined;
  const renew = (signal?: AbortSignal) => {
    const asked = obtain(signal);
    held = asked;
    asked.catch(() => {
      if (held === asked) held = undefined;
    });
    return asked;
  };
  return async (signal) => {
    const known = held;
    if (known === undefined) return (await renew(signal)).value;
    const lease = await known;
    if (lease.until === undefined || clock.now() < lease.until - RESERVE) return lease.value;
    return (await (held === known || held === undefined ? renew(signal) : held)).value;
  };
}
