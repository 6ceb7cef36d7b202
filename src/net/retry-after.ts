/**
 * How long a server wants to be left alone, in milliseconds; undefined when it does not say. `Retry-After` (RFC
 * 9110 §10.2.3) is in seconds or a date; the headers of a limit that is used up name its end in seconds since 1970.
 */
export function retryAfter(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const after = headers["retry-after"]?.trim() ?? "";
  const wait = /^\d+$/u.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
  if (!Number.isNaN(wait)) return Math.max(0, wait);
  for (const family of ["x-ratelimit", "ratelimit"]) {
    const reset = headers[`${family}-reset`] ?? "";
    // The server's clock may be a second behind.
    if (headers[`${family}-remaining`] === "0" && /^\d+$/u.test(reset))
      return Math.max(0, Number(reset) * 1000 - now) + 1000;
  }
  return undefined;
}
