// Each gives the rule that a value breaks, or undefined.

/** `INDEX/COUNT`, counted from 1. */
export function shardRule(value: string): string | undefined {
  const [index, of] = /^(\d+)\/(\d+)$/u.exec(value)?.slice(1).map(Number) ?? [];
  return index !== undefined && of !== undefined && index >= 1 && index <= of
    ? undefined
    : "must be INDEX/COUNT, counted from 1, e.g. 2/5";
}

/** Since 1.21 every release has three numbers (go.dev/doc/toolchain). */
export function goVersionRule(value: string): string | undefined {
  return /^(go)?1\.\d+(\.\d+|(rc|beta)\d+)$/u.test(value)
    ? undefined
    : "must be a complete Go version, e.g. 1.26.8";
}

/** ISO 8601, with a time. */
export function dateRule(value: string): string | undefined {
  return /^\d{4}-\d\d-\d\dT/u.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : "must be an ISO 8601 date and time, e.g. 2026-01-31T12:00:00Z";
}
