import { patternOf } from "../model/pattern.ts";
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

/** A URL that may stand in a log: https, or http on this machine, with no name or password in it. */
export function serviceRule(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) return "must be a URL";
  if (url.username !== "" || url.password !== "") return "must not contain credentials";
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && loopback)
    ? undefined
    : "must begin with https://";
}

/** A whole number that is not negative. */
export function lengthRule(value: string): string | undefined {
  return /^\d{1,4}$/u.test(value) ? undefined : "must be a whole number";
}

/** A regular expression of JavaScript; `(?i)` at its beginning is for any letter case. */
export function patternRule(value: string): string | undefined {
  try {
    patternOf(value);
    return undefined;
  } catch (error) {
    const [, why = "it cannot be read"] = /: ([^:]+)$/u.exec((error as Error).message) ?? [];
    return `must be a regular expression: ${why.toLowerCase()}`;
  }
}
