import { expect, it } from "vitest";
import { retryAfter } from "../../../src/net/retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

it.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": " 0 " }, 0],
  [{ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{}, undefined],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 20) }, 21_000],
  [{ "ratelimit-remaining": "0", "ratelimit-reset": String(NOW / 1000 - 20) }, 1000],
  [{ "x-ratelimit-remaining": "5", "x-ratelimit-reset": String(NOW / 1000 + 20) }, undefined],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" }, undefined],
])("%j asks for %s ms", (headers, wait) => {
  expect(retryAfter(headers, NOW)).toBe(wait);
});
