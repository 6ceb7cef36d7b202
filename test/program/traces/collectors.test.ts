import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { Collector } from "./collector.ts";
import { replay } from "./replay.ts";
import { succeeded } from "./runs.ts";

const KEY = "collectors-key";

/** What a run hears of a collector that answers so, how long it took, and how often it was asked. */
async function against(
  answer: (response: ServerResponse, count: number) => void,
  env: Record<string, string> = {},
) {
  const collector = new Collector(answer);
  const base = await collector.listen();
  const start = performance.now();
  const warnings = await replay(succeeded, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${base}/?key=${KEY}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${base}/v1/traces?key=${KEY}`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${KEY}`,
    ...env,
  });
  const took = performance.now() - start;
  await collector.close();
  return { warnings, took, asked: collector.requests.length };
}

function warning(reason: string | RegExp) {
  return [
    expect.stringMatching(
      new RegExp(
        `^the trace was not recorded: the collector \\(http://127\\.0\\.0\\.1:\\d+/v1/traces\\) ${typeof reason === "string" ? reason : reason.source}; the release is not affected$`,
        "u",
      ),
    ),
  ];
}

describe("a collector that", () => {
  it.each([400, 401, 413, 500, 302])("answers with %i is warned of once", async (status) => {
    const { warnings, asked } = await against((r) => r.writeHead(status).end(`said ${KEY}`));
    expect(warnings).toEqual(warning(new RegExp(`answered ${status}(: said \\*\\*\\*)?`, "u")));
    expect(asked).toBe(1);
  });

  it("is busy is asked again while there is time", async () => {
    const { warnings, asked } = await against((response, count) =>
      count === 1 ? response.writeHead(503, { "retry-after": "0" }).end() : response.end(),
    );
    expect(warnings).toEqual([]);
    expect(asked).toBe(2);
  });

  it.each([
    ["wants a pause longer than there is time", { "retry-after": "3600" }, 1],
    ["is busy for ever", {}, 2],
  ])("%s delays nothing beyond the timeout", async (_, headers, attempts) => {
    const { warnings, asked } = await against((r) => r.writeHead(429, headers).end(), {
      OTEL_EXPORTER_OTLP_TIMEOUT: "2000",
    });
    expect(warnings).toEqual(
      warning(attempts === 1 ? "answered 429" : `answered 429 in ${attempts} tries`),
    );
    expect(asked).toBe(attempts);
  });

  it.each([
    ["never answers", () => {}],
    ["never ends its answer", (response: ServerResponse) => response.write("x")],
    [
      "drips",
      (response: ServerResponse) => {
        const timer = setInterval(() => response.write("\0"), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ])("%s delays nothing beyond the timeout", async (_, answer) => {
    const { warnings, took } = await against(answer, { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "300" });
    expect(warnings).toEqual(warning("failed: no answer within 300 ms"));
    expect(took).toBeGreaterThan(250);
  });

  it("cuts the line is warned of once", async () => {
    const { warnings } = await against((response) => response.socket?.destroy());
    expect(warnings).toEqual(warning(/[^;]+/u));
  });

  it.each(["http/protobuf", "http/json"])(
    "answers with garbage to %s is believed its 200",
    async (protocol) => {
      const { warnings } = await against((r) => r.end("\u00ff<html>garbage"), {
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      });
      expect(warnings).toEqual([]);
    },
  );

  it("answers with megabytes is believed its 200", async () => {
    const { warnings } = await against((r) => r.end(Buffer.alloc(8 << 20)));
    expect(warnings).toEqual([]);
  });

  it("rejects spans is warned of", async () => {
    const { warnings } = await against(
      (r) => r.end(JSON.stringify({ partialSuccess: { rejectedSpans: "2", errorMessage: KEY } })),
      { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    );
    expect(warnings).toEqual(warning("rejected 2 of 7 spans"));
  });

  it("is not there is warned of once, and at once", async () => {
    const collector = new Collector();
    const base = await collector.listen();
    await collector.close();
    const warnings = await replay(succeeded, { OTEL_EXPORTER_OTLP_ENDPOINT: base });
    expect(warnings).toEqual(warning(/cannot be reached: connect ECONNREFUSED [^;]+/u));
  });
});

it("a header that cannot be sent is a warning without its value", async () => {
  const { warnings, asked } = await against((r) => r.end(), {
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${KEY}%0d%0ax`,
  });
  expect(warnings).toEqual(
    warning("cannot be called: the header authorization holds a line break"),
  );
  expect(warnings.join()).not.toContain(KEY);
  expect(asked).toBe(0);
});
