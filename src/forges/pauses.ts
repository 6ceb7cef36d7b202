/** Milliseconds. */
const FIRST = 1000;
const LONGEST = 30_000;

/**
 * How long to wait after the nth failure, from 1: doubles up to half a minute. `spread`, between 0 and 1, moves it
 * by a quarter each way, so that parallel requests do not come back together.
 */
export function pauseAfter(nth: number, spread: number): number {
  return Math.min(FIRST * 2 ** (nth - 1), LONGEST) * (0.75 + spread / 2);
}

/** What `Retry-After` says (RFC 9110 §10.2.3), seconds or a date, in milliseconds; undefined when it says nothing. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
