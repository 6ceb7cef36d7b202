import { build } from "esbuild";
import { expect, it } from "vitest";
import { traced } from "../../../src/traces/traced.ts";
import { Collector } from "./collector.ts";
import { replay } from "./replay.ts";
import { succeeded } from "./runs.ts";

it("loads nothing of OpenTelemetry before a trace is sent", async () => {
  const { metafile } = await build({
    stdin: {
      contents: 'export * from "./src/traces/tracing.ts"; export * from "./src/traces/traced.ts";',
      resolveDir: process.cwd(),
    },
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    outdir: "out",
  });
  const outputs = Object.values(metafile.outputs);
  const entry = outputs.find(({ exports }) => exports.includes(traced.name));
  const inputs = (output: (typeof outputs)[number] | undefined) =>
    Object.keys(output?.inputs ?? {}).filter((path) => path.includes("@opentelemetry"));
  expect(Object.keys(entry?.inputs ?? {})).toContain("src/traces/tracing.ts");
  expect(inputs(entry)).toEqual([]);
  for (const { kind, path } of entry?.imports ?? [])
    if (kind === "import-statement") expect(inputs(metafile.outputs[path])).toEqual([]);
  expect(outputs.flatMap(inputs)).not.toEqual([]);
});

it.each([
  {},
  { OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
  { OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
])("asks nobody and says nothing with %j", async (env) => {
  const http = () => Promise.reject(new Error("a request was made"));
  expect(await replay(succeeded, env, { http })).toEqual([]);
});

it("sends nothing of a run that never began, such as --help", async () => {
  const collector = new Collector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen() };
  expect(await replay([], env, { begun: false })).toEqual([]);
  expect(collector.requests).toEqual([]);
  await collector.close();
});
