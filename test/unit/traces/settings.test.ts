import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/traces/settings.ts";

const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const base = { [ENDPOINT]: "https://otel.example.org" };

function read(env: Record<string, string>) {
  const warnings: string[] = [];
  return { settings: settingsOf(env, (message) => warnings.push(message)), warnings };
}

it("trace settings begin with OpenTelemetry's defaults", () => {
  const { settings, warnings } = read(base);
  expect(settings).toMatchObject({ protocol: "http/protobuf", timeout: 10_000, gzip: false });
  expect(settings?.url.href).toBe("https://otel.example.org/v1/traces");
  expect(settings?.headers.reveal()).toBe("");
  expect(warnings).toEqual([]);
});

it.each([
  [{ [ENDPOINT]: "http://h:4318/" }, "http://h:4318/v1/traces"],
  [{ [ENDPOINT]: "http://h/base" }, "http://h/base/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://h/own" }, "http://h/own"],
  [{ ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://h" }, "http://h/"],
])("%j sends the trace to %s", (env, url) => {
  expect(read(env).settings?.url.href).toBe(url);
});

it("trace settings prefer the variables of the traces signal", () => {
  const { settings } = read({
    ...base,
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_TIMEOUT: "1",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2500",
    OTEL_EXPORTER_OTLP_HEADERS: "a=1",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "b=2",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  });
  expect(settings).toMatchObject({ protocol: "http/json", timeout: 2500, gzip: true });
  expect(settings?.headers.reveal()).toBe("a=1,b=2");
});

describe("no trace is asked for by", () => {
  it.each([
    {},
    { [ENDPOINT]: "" },
    { [ENDPOINT]: " " },
    { ...base, OTEL_SDK_DISABLED: "true" },
    { ...base, OTEL_SDK_DISABLED: "TRUE" },
    { ...base, OTEL_TRACES_EXPORTER: "none" },
    { OTEL_SERVICE_NAME: "x", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    { ...base, OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://h" },
  ])("%j", (env) => {
    expect(read(env)).toEqual({ settings: undefined, warnings: [] });
  });
});

describe("a warning instead of a trace for", () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, /"grpc"; set it to http\/protobuf or http\/json/u],
    [{ OTEL_TRACES_EXPORTER: "zipkin" }, /OTEL_TRACES_EXPORTER is "zipkin"/u],
    [{ [ENDPOINT]: "otel.example.org:4318" }, /not an http:\/\/ or https:\/\/ URL/u],
    [{ [ENDPOINT]: "%%%" }, /not an http:\/\/ or https:\/\/ URL/u],
    [{ [ENDPOINT]: "https://user:hidden@h" }, /OTEL_EXPORTER_OTLP_HEADERS/u],
  ])("%j", (env, message) => {
    const { settings, warnings } = read({ ...base, ...env });
    expect(settings).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(warnings[0]).not.toContain("hidden");
  });
});

describe("a warning beside the trace for", () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "soon" }, /"soon".*milliseconds/u],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: "0" }, /10000 is used/u],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem" }, /NODE_EXTRA_CA_CERTS/u],
  ])("%j", (env, message) => {
    const { settings, warnings } = read({ ...base, ...env });
    expect(settings?.timeout).toBe(10_000);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });
});
