/** Seconds since 1970 as ISO 8601 in UTC, without fractions. */
export function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
