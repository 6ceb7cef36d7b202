import { Readable } from "node:stream";
import { expect, it } from "vitest";
import type { RequestedEvent } from "../../../src/model/event.ts";
import { requestText } from "../../../src/report/request-text.ts";
import { observed } from "../../../src/world/observed.ts";
import type { Http } from "../../../src/world/world.ts";

const SECRET = "s3cret";

/** What is told of one request with a secret wherever there is room for one. */
async function told(http: Http): Promise<readonly RequestedEvent[]> {
  const events: RequestedEvent[] = [];
  let now = 0;
  const clock = { now: () => (now += 40), sleep: async () => {} };
  await observed(http, clock, (event) => events.push(event))({
    method: "PUT",
    url: `https://user:${SECRET}@uploads.example:8443/a/b?X-Amz-Signature=${SECRET}#${SECRET}`,
    headers: { authorization: `Bearer ${SECRET}` },
    body: SECRET,
  }).catch(() => {});
  expect(JSON.stringify(events)).not.toContain(SECRET);
  return events;
}

it("an answered request is told with method, place, status and time, and nothing that may be secret", async () => {
  const answer = { status: 403, headers: {}, body: Readable.from([]) };
  const [event, ...more] = await told(async () => answer);
  expect(more).toEqual([]);
  expect(requestText(event as RequestedEvent)).toBe(
    "PUT https://uploads.example:8443/a/b 403 (40 ms)",
  );
});

it.each([
  [Object.assign(new Error(`no ${SECRET}`), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [new TypeError(`no ${SECRET}`), "TypeError"],
  [SECRET, "unknown"],
])("a request without an answer is told by the code of what failed: %#", async (thrown, answer) => {
  const events = await told(() => Promise.reject(thrown));
  expect(events).toMatchObject([{ answer }]);
});

it("what is thrown and what is answered pass through", async () => {
  const failure = new Error("down");
  const clock = { now: () => 0, sleep: async () => {} };
  const http = observed(
    async () => Promise.reject(failure),
    clock,
    () => {},
  );
  await expect(http({ method: "GET", url: "https://x.example/" })).rejects.toBe(failure);
});
